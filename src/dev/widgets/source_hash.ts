/** Of the project that is built, whose root is the working directory. */
const LOCK_FILE = "deno.lock";

/** SHA-256 (hex) over everything a build depends on: the files of some folders and the locked versions of its packages. */
export async function sourceHash(folders: readonly URL[], packages: readonly string[]): Promise<string> {
  const inputs = await Promise.all(packages.map(lockedVersion));
  for (const folder of folders) {
    for (const path of await list(folder)) {
      inputs.push(`${path} ${await sha256(await Deno.readTextFile(new URL(path, folder)))}`);
    }
  }
  return sha256(inputs.join("\n"));
}

/** SHA-256 of a text, in hex. */
export async function sha256(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();
}

/** Paths of all files below a folder, sorted. */
export async function list(at: URL, prefix = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(at)) {
    const path = prefix + entry.name;
    if (entry.isDirectory) paths.push(...await list(new URL(`${entry.name}/`, at), `${path}/`));
    else paths.push(path);
  }
  return paths.sort();
}

async function lockedVersion(name: string): Promise<string> {
  const { specifiers } = JSON.parse(await Deno.readTextFile(LOCK_FILE)) as {
    specifiers: Record<string, string>;
  };
  const found = Object.entries(specifiers).find(([specifier]) => specifier.startsWith(`npm:${name}@`));
  if (!found) throw new Error(`Cannot find ${name} in deno.lock: run \`deno install\`.`);
  return `${name} ${found[1]}`;
}
