/** Bundles the app for other runtimes, each to one file that needs nothing else: dist/server.js and dist/node.js. */

const ENTRIES = { "web.ts": "server.js", "node.ts": "node.js" };

/**
 * What the bundler writes, and what takes its place. Workers have no `import.meta.url`, and the built-in modules that
 * are loaded by it are found from anywhere. The driver of Postgres looks for a socket of Workers that is not in the
 * bundle, and Node's, which they have too, does as well.
 */
const REPLACED: readonly (readonly [written: string, instead: string])[] = [
  ["__deno_internal_createRequire(import.meta.url)", '__deno_internal_createRequire("file:///")'],
  ['navigator.userAgent==="Cloudflare-Workers";if(typeof Response', "false;if(typeof Response"],
];

/** The text of the bundle of one entry, a file of this folder. @throws Error when it does not bundle. */
async function bundle(entry: string): Promise<string> {
  const { success, errors, outputFiles } = await Deno.bundle({
    entrypoints: [new URL(entry, import.meta.url).href],
    platform: "deno",
    minify: true,
    write: false,
    // Development is never loaded, and the native driver is not in use.
    external: ["*/dev/mod.ts", "pg-native"],
  });
  const output = outputFiles?.[0];
  if (!success || !output) {
    throw new Error(`Cannot bundle ${entry}: ${errors.map(({ text }) => text).join("; ")}`);
  }
  return REPLACED.reduce((text, [written, instead]) => {
    if (!text.includes(written)) {
      throw new Error(`Cannot bundle ${entry}: "${written}" is not in it any more.`);
    }
    return text.replace(written, instead);
  }, output.text());
}

if (import.meta.main) {
  await Deno.mkdir("dist", { recursive: true });
  for (const [entry, target] of Object.entries(ENTRIES)) {
    await Deno.writeTextFile(`dist/${target}`, await bundle(entry));
    console.log(`Built dist/${target}`);
  }
}
