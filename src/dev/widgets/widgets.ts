/**
 * Bundles each `*.tsx` of a folder to one self-contained HTML page, and writes all of them to one generated file:
 *
 *     deno run -A src/dev/widgets/widgets.ts <folder> <target>
 *
 * Both are paths below the project's root, which is the working directory.
 */
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.ts";
import { page } from "./page.ts";
import { list, sha256, sourceHash as hashInputs } from "./source_hash.ts";

const ui = new URL("../../ui/", import.meta.url);
const builders = new URL("./", import.meta.url);
const LARGEST = 40 * 1024;

/** SHA-256 (hex) over what a build depends on: the files of the folder, of src/ui/ and of this one, and the locked Preact. */
export function sourceHash(folder: URL): Promise<string> {
  return hashInputs([folder, ui, builders], ["preact"]);
}

/** What a widget looks like: what all have in common, then the folder's theme.css, then `<name>.css` if it exists. */
export async function styleSheet(folder: URL, name: string): Promise<string> {
  const sheets = [new URL("theme.css", ui), new URL("theme.css", folder)];
  if ((await list(folder)).includes(`${name}.css`)) sheets.push(new URL(`${name}.css`, folder));
  const [common = "", ...own] = await Promise.all(sheets.map(bundle));
  // Variables that the app sets anew, in its first rule, are not sent twice.
  const again = new Set(
    own.flatMap((sheet) => /^:root\{[^}]*/.exec(sheet)?.[0].match(/--[\w-]+(?=:)/g) ?? []),
  );
  return [common.replaceAll(/(--[\w-]+):[^;}]*;?/g, (line, name) => again.has(name) ? "" : line), ...own]
    .join("");
}

/** The text of the generated file. Throws when a widget does not bundle or is larger than 40 KiB. */
export async function generate(folder: URL, source: string): Promise<string> {
  const names: string[] = [];
  const entries: string[] = [];
  for (const file of (await list(folder)).filter((path) => /^[^/]+\.tsx$/.test(path))) {
    const name = file.replace(/\.tsx$/, "");
    const html = page(name, await styleSheet(folder, name), await bundle(new URL(file, folder)));
    const size = new TextEncoder().encode(html).length;
    if (size > LARGEST) {
      throw new Error(`Widget ${name} has ${size} bytes, ${LARGEST} are allowed: import less.`);
    }
    const hash = (await sha256(html)).slice(0, 12);
    names.push(JSON.stringify(name));
    entries.push(
      `  ${JSON.stringify(name)}: { name: ${JSON.stringify(name)}, hash: "${hash}", html: ${
        JSON.stringify(html)
      } },\n`,
    );
  }
  return `/** Built by \`deno task build\`: do not edit. */

/** SHA-256 of the files this was built from: the build does nothing while it fits them. */
export const source = "${source}";

type Name = ${names.join(" | ") || "never"};

/** Every widget by name: its page, and the first 12 hex digits of the page's SHA-256. */
export const widgets: Readonly<
  Record<Name, { readonly name: Name; readonly hash: string; readonly html: string }>
> = {
${entries.join("")}};
`;
}

/**
 * Origins that pages name and no file beside the generated one does, where `defineWidget` declares them: hosts would
 * block what is loaded from there (UI-09).
 */
export async function undeclaredOrigins(generated: string, folder: URL): Promise<string[]> {
  const named = generated.match(/(?<=["'`\\])(?:https?|wss?):\/\/(?!www\.w3\.org)[a-z0-9.:*-]+/g) ?? [];
  const files = (await list(folder)).filter((path) => /(?<!\.gen)\.tsx?$/.test(path));
  const sources = (await Promise.all(files.map((path) => Deno.readTextFile(new URL(path, folder))))).join();
  return [...new Set(named)].filter((origin) => !sources.includes(`"${origin}"`));
}

if (import.meta.main) {
  const [folderPath, target] = Deno.args;
  if (!folderPath || !target) {
    throw new Error("Cannot build widgets: say their folder and the file to generate, in this order.");
  }
  const folder = pathToFileURL(`${folderPath}/`);
  const source = await sourceHash(folder);
  const built = await Deno.readTextFile(target).catch(() => "");
  // No early exit: that would end `--watch` too.
  if (!built.includes(`source = "${source}"`)) {
    const generated = await generate(folder, source);
    await Deno.writeTextFile(target, generated);
    console.log(`Built ${target}`);
    for (const origin of await undeclaredOrigins(generated, new URL(".", pathToFileURL(target)))) {
      console.warn(
        `A widget names ${origin}: add it to the csp of its defineWidget, or hosts will block it.`,
      );
    }
  }
}
