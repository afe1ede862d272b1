import assert from "node:assert/strict";
import { builtClient } from "./served.ts";

const { state } = await Deno.permissions.query({ name: "read" });
const client = state === "granted" ? await builtClient() : undefined;
const reason = state === "granted" && !client ? " (run `deno task build` first)" : "";

Deno.test({
  name: `the page needs no eval and nothing from elsewhere, and is at most 1 MB${reason}`,
  ignore: !client,
  fn() {
    assert.ok(client);
    assert.ok(client.script.length + client.style.length < 1024 * 1024);
    assert.doesNotMatch(client.style, /url\(|@import/);
    assert.doesNotMatch(client.script, /\bimport\(|\bimport"/);
  },
});

Deno.test({
  name: `the page was built from the files in src/dev/playground/client/${reason}`,
  ignore: !client,
  async fn() {
    const { sourceHash } = await import("../../src/dev/playground/build.ts");
    assert.equal(client?.source, await sourceHash(), "data/playground.json is stale: run `deno task build`");
  },
});
