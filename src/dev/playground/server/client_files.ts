/** What `deno task build` makes of `client/`, relative to the folder of `main.ts`. */
export const CLIENT_FILE = "data/playground.json";

/** The files of the page. */
export interface ClientFiles {
  /** An ES module. */
  readonly script: string;
  readonly style: string;
  /** SHA-256 of the files this was built from. */
  readonly source: string;
}

/** Reads the built page; undefined when there is none, or only a part of it. */
export async function readClientFiles(
  readFile: (path: string) => Promise<string>,
): Promise<ClientFiles | undefined> {
  try {
    return JSON.parse(await readFile(CLIENT_FILE)) as ClientFiles;
  } catch {
    return undefined;
  }
}
