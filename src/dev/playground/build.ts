/** Bundles client/main.tsx and style.css and writes both to client.gen.ts. */
import { bundle } from "../../ui/build/bundle.ts";
import { sourceHash as hash } from "../../ui/build/source_hash.ts";

const folder = new URL("./client/", import.meta.url);
const target = new URL("./client.gen.ts", import.meta.url);
const packages = ["preact", "zod", "@modelcontextprotocol/client", "@modelcontextprotocol/ext-apps"];
const limit = 1024 * 1024;

/** SHA-256 (hex) over the files of client/ and the locked versions of what they import. */
export function sourceHash(): Promise<string> {
  return hash([folder], packages);
}

/** The text of src/dev/playground/client.gen.ts. Throws when the page does not bundle or is larger than 1 MB. */
export async function generate(source: string): Promise<string> {
  const script = await bundle(new URL("main.tsx", folder));
  const size = new TextEncoder().encode(script).length;
  if (size > limit) throw new Error(`The playground has ${size} bytes, ${limit} are allowed: import less.`);
  const style = await bundle(new URL("style.css", folder));
  return `/** Built by \`deno task build\` from client/: do not edit. */

/** SHA-256 of the files this was built from; a test compares it, so that a stale build cannot be committed. */
export const source = "${source}";

/** The page's script, an ES module. */
export const script = ${JSON.stringify(script)};

/** The page's style sheet. */
export const style = ${JSON.stringify(style)};
`;
}

if (import.meta.main) {
  const source = await sourceHash();
  const built = await Deno.readTextFile(target).catch(() => "");
  // No early exit: that would end `--watch` too.
  if (!built.includes(`source = "${source}"`)) {
    await Deno.writeTextFile(target, await generate(source));
    console.log("Built src/dev/playground/client.gen.ts");
  }
}
