/** Bundles every widgets/*.tsx to one self-contained HTML page and writes all of them to src/widgets.gen.ts. */
import { page } from "./page.ts";

const folder = new URL("./", import.meta.url);
const target = new URL("../src/widgets.gen.ts", folder);
const lockFile = new URL("../deno.lock", folder);
const limit = 40 * 1024;

/** SHA-256 (hex) over everything a build depends on: the files of widgets/ and the locked version of Preact. */
export async function sourceHash(): Promise<string> {
  const inputs = [`preact ${await preactVersion()}`];
  for (const path of await list(folder)) {
    inputs.push(`${path} ${await sha256(await Deno.readTextFile(new URL(path, folder)))}`);
  }
  return sha256(inputs.join("\n"));
}

/** The text of src/widgets.gen.ts. Throws when a widget does not bundle or is larger than 40 KB. */
export async function generate(source: string): Promise<string> {
  const css = await bundle("theme.css");
  const entries: string[] = [];
  for (const file of (await list(folder)).filter((path) => /^[^/]+\.tsx$/.test(path))) {
    const name = file.replace(/\.tsx$/, "");
    const html = page(name, css, await bundle(file));
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

async function bundle(file: string): Promise<string> {
  const { success, errors, outputFiles } = await Deno.bundle({
    entrypoints: [new URL(file, folder).pathname],
    platform: "browser",
    minify: true,
    write: false,
  });
  const output = outputFiles?.[0];
  if (!success || !output) {
    throw new Error(`Cannot bundle ${file}: ${errors.map((error) => error.text).join("; ")}`);
  }
  return output.text().trim();
}

async function list(at: URL, prefix = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(at)) {
    const path = prefix + entry.name;
    if (entry.isDirectory) paths.push(...await list(new URL(`${entry.name}/`, at), `${path}/`));
    else paths.push(path);
  }
  return paths.sort();
}

async function preactVersion(): Promise<string> {
  const { specifiers } = JSON.parse(await Deno.readTextFile(lockFile)) as {
    specifiers: Record<string, string>;
  };
  const found = Object.entries(specifiers).find(([specifier]) => specifier.startsWith("npm:preact@"));
  if (!found) throw new Error("Cannot find Preact in deno.lock: run `deno install`.");
  return found[1];
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

if (import.meta.main) {
  const source = await sourceHash();
  const built = await Deno.readTextFile(target).catch(() => "");
  if (built.includes(`source = "${source}"`)) Deno.exit(0);
  if (Deno.args.includes("--check")) {
    console.error("src/widgets.gen.ts is older than widgets/: run `deno task build`.");
    Deno.exit(1);
  }
  await Deno.writeTextFile(target, await generate(source));
  console.log("Built src/widgets.gen.ts");
}
