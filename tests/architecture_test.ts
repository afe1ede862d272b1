import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: root });
const ignore = state !== "granted";

/** What the files of each folder may import from other folders of `src/`; a `type` import carries no code. */
const MAY_IMPORT: Readonly<Record<string, RegExp>> = {
  // By the names of the import map only.
  app: /^$/,
  auth: /^net\//,
  config: /^net\//,
  dev: /^net\/|^ui\/build\//,
  http: /^net\//,
  mcp: /^(type )?(auth|http)\/|^net\/|^type storage\/mod\.ts$/,
  net: /^$/,
  storage: /^net\//,
  testing: /^(type )?(assemble\.ts|config\/|dev\/|mcp\/)/,
  ui: /^$/,
};

interface Source {
  /** Relative to `src/`. */
  readonly path: string;
  readonly text: string;
  /** Of files in `src/`, relative to it, with `type ` in front when only types come. */
  readonly imports: readonly string[];
}

async function* sources(folder = new URL("src/", root)): AsyncGenerator<Source> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* sources(url);
    else if (/\.tsx?$/.test(name)) {
      const text = await Deno.readTextFile(url);
      yield { path: inSource(url), text, imports: importsOf(text, url) };
    }
  }
}

function importsOf(text: string, from: URL): string[] {
  const found = text.matchAll(
    /(?:^|\n)(?:import|export)( type)?[^;"]*?from "(\.[^"]+)"|import\("(\.[^"]+)"\)/g,
  );
  return [...found].map(([, type, fixed, dynamic]) =>
    `${type ? "type " : ""}${inSource(new URL(fixed ?? dynamic ?? "", from))}`
  );
}

function inSource(url: URL): string {
  return url.href.slice(new URL("src/", root).href.length);
}

const folderOf = (path: string) => path.includes("/") ? path.split("/")[0]! : "";

Deno.test({ name: "folders import from each other only as the design says", ignore }, async () => {
  const broken: string[] = [];
  for await (const { path, imports } of sources()) {
    const rule = MAY_IMPORT[folderOf(path)];
    for (const target of imports) {
      const outside = folderOf(target.replace("type ", "")) !== folderOf(path);
      if (rule && outside && !rule.test(target)) broken.push(`${path} imports ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test({ name: "every folder of src/ has a rule", ignore }, async () => {
  for await (const { path } of sources()) {
    assert.ok(folderOf(path) === "" || folderOf(path) in MAY_IMPORT, `${path} is in a folder without a rule`);
  }
});

Deno.test(
  { name: "the machine is touched in main.ts only, save for the files of databases", ignore },
  async () => {
    const touching: string[] = [];
    for await (const { path, text } of sources()) {
      if (
        !/\/build(\/|\.ts$)|\/watch\.ts$|\.gen\.ts$/.test(path) &&
        /(?<!`)\bDeno\.[a-z]|\bprocess\.env\b/.test(text)
      ) {
        touching.push(path);
      }
    }
    assert.deepEqual(touching, []);
  },
);

const { state: mayRun } = await Deno.permissions.query({ name: "run" });

Deno.test({
  name: "importing any file does nothing: no word, no timer, no permission needed",
  ignore: ignore || mayRun !== "granted",
}, async () => {
  const imports: string[] = [`import "${new URL("main.ts", root)}";`];
  for await (const { path } of sources()) {
    // The browser's side needs a document.
    if (/^(ui|dev\/playground\/client)\//.test(path)) continue;
    imports.push(`import "${new URL(`src/${path}`, root)}";`);
  }
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      "--config",
      fileURLToPath(new URL("deno.json", root)),
      "-",
    ],
    ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(imports.join("\n")));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const said = new TextDecoder().decode(new Uint8Array([...stdout, ...stderr]));
  assert.deepEqual({ code, said }, { code: 0, said: "" });
});
