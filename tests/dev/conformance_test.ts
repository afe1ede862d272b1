import assert from "node:assert/strict";
import { UNLOCKED, UNLOCKED_FLAGS } from "../unlocked.ts";
import { decide, readPage } from "./flow.ts";
import { register } from "./dev_issuer.ts";
import { serveIssuer } from "./served_issuer.ts";

const CALLBACK_PORT = 34187;

const granted = await Promise.all(
  (["run", "net", "read", "env", "write"] as const).map((name) => Deno.permissions.query({ name })),
);

Deno.test({
  name: "the official conformance suite's authorization server scenarios pass",
  ignore: granted.some(({ state }) => state !== "granted"),
  async fn() {
    await using served = await serveIssuer();
    const { issuer, origin } = served;
    const callback = `http://127.0.0.1:${CALLBACK_PORT}/callback`;
    const { client_id } = await register(issuer, { client_name: "Conformance", redirect_uris: [callback] });

    const suite = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-all",
        ...UNLOCKED_FLAGS,
        UNLOCKED.conformance,
        "authorization",
        ...["--url", `${origin}/auth`, "--client-id", client_id, "--resource", `${origin}/mcp`],
        ...["--port", String(CALLBACK_PORT)],
      ],
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(60_000),
    }).spawn();

    const decoder = new TextDecoder();
    let output = "";
    let visited = false;
    for await (const chunk of suite.stdout) {
      output += decoder.decode(chunk, { stream: true });
      const url = /^http\S+\/auth\/authorize\?\S+(?=\n)/m.exec(output)?.[0];
      if (url !== undefined && !visited) {
        visited = true;
        await followAsPerson(url);
      }
    }
    assert.ok((await suite.status).success, `${output}${await new Response(suite.stderr).text()}`);
    assert.ok(visited, `the suite never asked for a sign-in:\n${output}`);
    const scenarios = [...output.matchAll(/^✓ (\S+): [1-9]\d* passed, 0 failed/gm)].map(([, name]) => name);
    assert.deepEqual(
      scenarios,
      ["authorization-server-metadata-endpoint", "authorization-code-grant"],
      output,
    );
    console.log(
      `Official conformance suite: ${scenarios.length} of 2 scenarios for authorization servers pass.`,
    );

    async function followAsPerson(url: string): Promise<void> {
      const page = await readPage(await fetch(url));
      const decision = await decide(issuer, page);
      const callback = await fetch(decision.headers.get("location") ?? "");
      await callback.body?.cancel();
    }
  },
});
