/** Bundles client/main.tsx and style.css and writes both to data/playground.json, which git ignores. */
import { bundle } from "../widgets/bundle.ts";
import { sourceHash as hash } from "../widgets/source_hash.ts";
import { CLIENT_FILE, type ClientFiles } from "./server/client_files.ts";

const folder = new URL("./client/", import.meta.url);
const target = new URL(`../../../${CLIENT_FILE}`, import.meta.url);
const packages = ["preact", "zod", "@modelcontextprotocol/client", "@modelcontextprotocol/ext-apps"];
const limit = 1024 * 1024;

/** SHA-256 (hex) over the files of client/ and the locked versions of what they import. */
export function sourceHash(): Promise<string> {
  return hash([folder], packages);
}

/** Builds the page. Throws when it does not bundle or is larger than 1 MB. */
async function buildClient(source: string): Promise<ClientFiles> {
  const script = await bundle(new URL("main.tsx", folder));
  const size = new TextEncoder().encode(script).length;
  if (size > limit) throw new Error(`The playground has ${size} bytes, ${limit} are allowed: import less.`);
  return { script, style: await bundle(new URL("style.css", folder)), source };
}

if (import.meta.main) {
  const source = await sourceHash();
  const built = await Deno.readTextFile(target).catch(() => "");
  // The hash comes last, so a file that was cut off has none. No early exit: that would end `--watch` too.
  if (!built.endsWith(`"source":"${source}"}`)) {
    await Deno.mkdir(new URL("./", target), { recursive: true });
    await Deno.writeTextFile(target, JSON.stringify(await buildClient(source)));
    console.log(`Built ${CLIENT_FILE}`);
  }
}
