/** A place that names a requirement. */
export interface Citation {
  readonly id: string;
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly line: number;
  /** The string that holds the id, a test's name as a rule, or else the line. */
  readonly name: string;
}

/**
 * An id, a range of them (`AUTH-01…06`, `AUTH-01 to AUTH-06`, `C1-C9`) or several of one kind (`AUTH-01/04`).
 * "UTF-16" is not one of ours, nor is a C1 that stands neither in parentheses or a list nor behind "conflict".
 */
const CITED =
  /(?<![\w#-])(?!UTF-)([A-Z]{2,6}-(?=\d\d)|(?<=[(,] ?|conflicts? |and |to |[…–-])C)(\d{1,2})(?!\w)(?: ?(?:…|\.{2,3}|–|to|-(?=C)) ?\1?(\d{1,2})(?!\w)|((?:\/\d{1,2}(?!\w))+))?/g;

/** The ids that a text cites, ranges written out, in the order in which they stand. */
export function citedIn(text: string): string[] {
  return [...text.matchAll(CITED)].flatMap(([, kind = "", first = "", last, others]) => {
    const numbers = last === undefined
      ? [first, ...others?.split("/").slice(1) ?? []]
      : Array.from({ length: Number(last) - Number(first) + 1 }, (_, more) => `${Number(first) + more}`);
    return numbers.map((number) => kind + (kind === "C" ? number : number.padStart(2, "0")));
  });
}

/** Every citation in a file's text. */
export function citationsOf(file: string, text: string): Citation[] {
  return text.split("\n").flatMap((line, index) => {
    const strings = [...line.matchAll(/(["`'])(.*?)(?<!\\)\1/g)].map(([, , string = ""]) => string);
    return citedIn(line).map((id) => ({
      ...{ id, file, line: index + 1 },
      name: strings.find((string) => citedIn(string).includes(id)) ?? line.trim(),
    }));
  });
}

/** Every citation in the code and the tests; needs permission to read them. */
export async function readCitations(root: URL): Promise<Citation[]> {
  const found: Citation[] = [];
  for await (const url of sources(root)) {
    found.push(...citationsOf(url.href.slice(root.href.length), await Deno.readTextFile(url)));
  }
  return found.sort((a, b) => a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line);
}

/** Whether a citation counts as a test. An app's own tests do not: another app takes their place. */
export function isTest({ file }: Citation): boolean {
  return file.endsWith("_test.ts") && !file.startsWith("tests/app/");
}

async function* sources(root: URL): AsyncGenerator<URL> {
  yield new URL("main.ts", root);
  for (const folder of ["src/", "tests/", "widgets/"]) yield* sourcesIn(new URL(folder, root));
}

async function* sourcesIn(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sourcesIn(new URL(`${name}/`, folder));
    else if (/(?<!\.gen)\.tsx?$/.test(name) && !name.startsWith("requirements")) {
      yield new URL(name, folder);
    }
  }
}
