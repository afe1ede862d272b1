import assert from "node:assert/strict";

const root = new URL("../", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: root });
const ignore = state !== "granted";

/** Names of tests as literals in the code, with `…` for what a template fills in. */
async function* namesIn(folder: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* namesIn(url);
    // An app's own tests do not count: another app takes their place.
    if (!name.endsWith("_test.ts") || url.href.includes("/tests/app/")) continue;
    const text = (await Deno.readTextFile(url)).replaceAll(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, "…");
    for (const [, , literal = ""] of text.matchAll(/(["`])((?:(?!\1)[^\n])*)\1,/g)) yield literal;
  }
}

Deno.test({ name: "every row of the threat model names tests that exist", ignore }, async () => {
  const names = new Set(await Array.fromAsync(namesIn(new URL("tests/", root))));
  const text = await Deno.readTextFile(new URL("SECURITY.md", root));
  const [, model = ""] = /\n## Threat model\n(.*?)\n## /s.exec(text) ?? [];
  const rows = model.split("\n").filter((line) =>
    line.startsWith("| ") && !/\| (test that shows it|-+) *\|$/.test(line)
  );
  assert.ok(rows.length > 50, `${rows.length} rows`);
  const wrong = rows.flatMap((row) => {
    const cited = [...(row.split(" | ").at(-1) ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
    return cited.length === 0 ? [row] : cited.filter((name) => !names.has(name));
  });
  assert.deepEqual(wrong, []);
});
