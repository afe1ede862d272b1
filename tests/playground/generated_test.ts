import assert from "node:assert/strict";
import { script, source, style } from "../../src/dev/playground/client.gen.ts";

Deno.test("the page needs no eval and nothing from elsewhere, and is at most 1 MB", () => {
  assert.ok(script.length + style.length < 1024 * 1024);
  assert.doesNotMatch(style, /url\(|@import/);
  assert.doesNotMatch(script, /\bimport\(|\bimport"/);
});

const read = await Deno.permissions.query({ name: "read" });

Deno.test({
  name: "the committed page was built from the files in src/dev/playground/client/",
  ignore: read.state !== "granted",
  async fn() {
    const { sourceHash } = await import("../../src/dev/playground/build.ts");
    assert.equal(
      source,
      await sourceHash(),
      "src/dev/playground/client.gen.ts is stale: run `deno task build`",
    );
  },
});
