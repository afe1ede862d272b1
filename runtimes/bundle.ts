/**
 * Bundles the app: for Deno `main.ts` with a file for each part that is loaded later, in dist/deno; for other runtimes
 * one file that needs nothing else, dist/server.js and dist/node.js.
 */

/** What the bundler writes, and what takes its place. */
type Replaced = readonly (readonly [written: string | RegExp, instead: string])[];

/** The driver of Postgres looks for a socket of Workers that is not in the bundle, and so does Node's, which they have. */
const WITHOUT_WORKER_SOCKET: Replaced = [
  ['navigator.userAgent==="Cloudflare-Workers";if(typeof Response', "false;if(typeof Response"],
];

/** The built-in modules that everything would load are as slow to load as Hono and Zod together. */
const DENO: Replaced = [
  ...WITHOUT_WORKER_SOCKET,
  ['import{createRequire as __deno_internal_createRequire} from "node:module";', ""],
  ["__deno_internal_createRequire(import.meta.url)", "(id=>process.getBuiltinModule(id))"],
  // Of it LogTape uses `inspect`.
  [/import ([\w$]+) from"node:util"/, "const $1=Deno"],
];

/** Workers have no `import.meta.url`, and the built-in modules that are loaded by it are found from anywhere. */
const OTHERS: Replaced = [
  ...WITHOUT_WORKER_SOCKET,
  ["__deno_internal_createRequire(import.meta.url)", '__deno_internal_createRequire("file:///")'],
];

/** @param entry From this folder. @param splits Whether each import() gets a file. @throws Error when it fails. */
async function bundle(entry: string, folder: string, splits: boolean, replaced: Replaced): Promise<Output[]> {
  const { success, errors, outputFiles } = await Deno.bundle({
    entrypoints: [new URL(entry, import.meta.url).href],
    outputDir: folder,
    platform: "deno",
    minify: true,
    codeSplitting: splits,
    write: false,
    // Development is never loaded, and the native driver is not in use.
    external: ["*/dev/mod.ts", "pg-native"],
  });
  if (!success || !outputFiles) {
    throw new Error(`Cannot bundle ${entry}: ${errors.map(({ text }) => text).join("; ")}`);
  }
  let files = outputFiles.map((file) => ({ path: file.path, text: file.text() }));
  for (const [written, instead] of replaced) {
    const changed = files.map(({ path, text }) => ({ path, text: text.replace(written, instead) }));
    if (changed.every(({ text }, index) => text === files[index]?.text)) {
      throw new Error(`Cannot bundle ${entry}: "${written}" is not in it any more.`);
    }
    files = changed;
  }
  return files;
}

interface Output {
  readonly path: string;
  readonly text: string;
}

if (import.meta.main) {
  await Deno.mkdir("dist/deno", { recursive: true });
  // Files of an earlier build stay: a server that runs on them has not loaded them all.
  for (const { path, text } of await bundle("../main.ts", "dist/deno", true, DENO)) {
    await Deno.writeTextFile(path, text);
  }
  console.log("Built dist/deno/main.js");
  for (const [entry, target] of [["web.ts", "server.js"], ["node.ts", "node.js"]] as const) {
    for (const { text } of await bundle(entry, "dist", false, OTHERS)) {
      await Deno.writeTextFile(`dist/${target}`, text);
    }
    console.log(`Built dist/${target}`);
  }
}
