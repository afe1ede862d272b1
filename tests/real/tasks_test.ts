import assert from "node:assert/strict";
import { startFirstMinute } from "./first_minute.ts";
import { freePort, startProcess } from "./process.ts";
import { granted } from "./served.ts";

const ignore = !await granted("net", "run", "read", "write", "env");

Deno.test({
  name: "deno task start needs no configuration: it builds, and serves tools, sign-in and playground",
  ignore,
  async fn() {
    await using server = await startFirstMinute({}, ["task", "start"]);
    const { origin } = new URL(server.resource);
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    const headers = { "content-type": "application/json" };
    const { result } = await (await fetch(server.resource, { method: "POST", headers, body })).json();
    assert.ok(result.tools.length > 0);
    for (const [path, words] of [["/auth/jwks.json", /"kty"/], ["/playground", /<script/]] as const) {
      const response = await fetch(`${origin}${path}`);
      assert.equal(response.status, 200, path);
      assert.match(await response.text(), words);
    }
    assert.ok(server.written.includes(`${origin}/playground`), server.written);
  },
});

Deno.test({
  name: "a signal ends all of deno task dev, the watchers too",
  ignore: ignore || Deno.build.os === "windows",
  async fn() {
    const port = freePort();
    const env = { PORT: String(port), SQLITE_PATH: ":memory:" };
    await using server = startProcess(env, { args: ["task", "dev"] });
    await server.wrote("Listening on");
    server.terminate();
    // Resolves only when everything that could write to its output has ended.
    assert.equal(await server.exitCode, 0);
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  },
});
