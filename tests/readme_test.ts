import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const permissions = await Promise.all(
  (["read", "write", "run"] as const).map((name) => Deno.permissions.query({ name })),
);
const ignore = permissions.some(({ state }) => state !== "granted");

Deno.test({ name: "the README's test of an app prints what its comments say", ignore }, async () => {
  const blocks = [...(await Deno.readTextFile(new URL("README.md", root))).matchAll(/^```ts\n([^]*?)^```/gm)];
  const block = blocks.map(([, code = ""]) => code).find((code) => code.includes("createTestServer"));
  assert.ok(block);
  const expected = [...block.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, comment]) => comment);
  // Beside the README, from where its paths lead.
  const file = new URL(`readme-${crypto.randomUUID()}.tmp.ts`, root);
  await Deno.writeTextFile(file, block);
  try {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", fileURLToPath(file)],
      cwd: root,
      env: { NO_COLOR: "1" },
    }).output();
    assert.deepEqual(new TextDecoder().decode(stdout).trim().split("\n"), expected);
  } finally {
    await Deno.remove(file);
  }
});
