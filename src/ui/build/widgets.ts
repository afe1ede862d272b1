/** Bundles every widgets/*.tsx to one self-contained HTML page and writes all of them to src/app/widgets.gen.ts. */
import { bundle } from "./bundle.ts";
import { list, sha256, sourceHash as hashInputs } from "./source_hash.ts";
import { page } from "./page.ts";

const folder = new URL("../../../widgets/", import.meta.url);
const target = new URL("../../app/widgets.gen.ts", import.meta.url);
const limit = 40 * 1024;

/** SHA-256 (hex) over everything a build depends on: the files of widgets/ and src/ui/ and the locked version of Preact. */
export function sourceHash(): Promise<string> {
  return hashInputs([folder, new URL("../", import.meta.url)], ["preact"]);
}

/** The text of src/app/widgets.gen.ts. Throws when a widget does not bundle or is larger than 40 KB. */
export async function generate(source: string): Promise<string> {
  const css = await bundle(new URL("theme.css", folder));
  const entries: string[] = [];
  for (const file of (await list(folder)).filter((path) => /^[^/]+\.tsx$/.test(path))) {
    const name = file.replace(/\.tsx$/, "");
    const html = page(name, css, await bundle(new URL(file, folder)));
    const size = new TextEncoder().encode(html).length;
    if (size > limit) throw new Error(`Widget ${name} has ${size} bytes, ${limit} are allowed: import less.`);
    const hash = (await sha256(html)).slice(0, 12);
    entries.push(`  ${JSON.stringify(name)}: { hash: "${hash}", html: ${JSON.stringify(html)} },\n`);
  }
  return `/** Built by \`deno task build\` from widgets/: do not edit. */

/** SHA-256 of the files this was built from; a test compares it, so that a stale build cannot be committed. */
export const source = "${source}";

/** Every widget by name: its page, and the first 12 hex digits of the page's SHA-256. */
export const widgets: Readonly<Record<string, { readonly hash: string; readonly html: string }>> = {
${entries.join("")}};
`;
}

if (import.meta.main) {
  const source = await sourceHash();
  const built = await Deno.readTextFile(target).catch(() => "");
  const fresh = built.includes(`source = "${source}"`);
  if (!fresh && Deno.args.includes("--check")) {
    console.error("src/app/widgets.gen.ts is older than widgets/: run `deno task build`.");
    Deno.exit(1);
  }
  if (!fresh) {
    await Deno.writeTextFile(target, await generate(source));
    console.log("Built src/app/widgets.gen.ts");
  }
}
