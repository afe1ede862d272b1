import assert from "node:assert/strict";
import { answerSignIn } from "../answer_sign_in.ts";
import { CHALLENGE, encoded } from "../dev/flow.ts";
import { startFirstMinute } from "./first_minute.ts";
import { OAuthClient } from "./oauth_client.ts";
import { startProcess } from "./process.ts";
import { granted } from "./served.ts";

const ignore = !await granted("net", "run", "read", "write", "env");

Deno.test({
  name: "the banner says that this is for development only, and what to paste into which client (AS-13)",
  ignore,
  async fn() {
    await using server = await startFirstMinute();
    const { resource, written } = server;
    assert.match(written, /development-only authorization server: whoever reaches it can sign in as anyone/i);
    assert.ok(written.includes(`claude mcp add --transport http notes ${resource}\n`));
    assert.ok(written.includes(`npx @modelcontextprotocol/inspector ${resource}\n`));
    const config = /code --add-mcp '(.+)'/.exec(written)?.[1] ?? "";
    assert.deepEqual(JSON.parse(config), { name: "notes", type: "http", url: resource });
    assert.match(written, /RESOURCE_SERVER_URL=https:\S+<the name it prints>\/mcp deno task start/);
    assert.ok(written.includes(`cloudflared tunnel --url ${new URL(resource).origin}\n`));
    assert.doesNotMatch(written, /passcode/i);
  },
});

Deno.test({
  name: "behind a tunnel nobody signs in without the passcode that the start prints",
  ignore,
  async fn() {
    await using server = await startFirstMinute({ RESOURCE_SERVER_URL: "https://notes.example/mcp" });
    const passcode = /Passcode +(\S+)/.exec(server.written)?.[1] ?? "";
    assert.ok(passcode.length >= 8, server.written);

    /** The tunnel: it brings what is sent to the public name to this machine. */
    const tunnel: typeof fetch = (input, init) => {
      const { pathname, search } = new URL(input instanceof Request ? input.url : input);
      return fetch(new URL(pathname + search, server.resource), init);
    };
    const url = await authorizationUrl("https://notes.example", tunnel);
    for (const wrong of [undefined, "", `${passcode}0`]) {
      await assert.rejects(answerSignIn(url, { passcode: wrong }, tunnel), /That is not the passcode/);
    }
    const callback = await answerSignIn(url, { passcode }, tunnel);
    assert.ok(callback.searchParams.get("code"));
  },
});

Deno.test({
  name: "on Deno Deploy the server does not start without an authorization server, and says what to set",
  ignore,
  async fn() {
    await using server = startProcess({ DENO_DEPLOY: "1" });
    assert.equal(await server.exitCode, 1);
    assert.match(
      server.written,
      /AUTHORIZATION_SERVER_URL is not set: .*does not run on Deno Deploy\. Set it to/,
    );
    assert.doesNotMatch(server.written, /Listening|^\s+at /m);
  },
});

/** Registers a client and builds the URL that it would send its person to. */
async function authorizationUrl(origin: string, send: typeof fetch): Promise<URL> {
  const { clientMetadata, redirectUrl } = new OAuthClient();
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(clientMetadata);
  const registered = await send(`${origin}/auth/register`, { method: "POST", headers, body });
  const { client_id } = await registered.json();
  const query = encoded({
    response_type: "code",
    client_id,
    redirect_uri: redirectUrl,
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
    resource: `${origin}/mcp`,
  });
  return new URL(`${origin}/auth/authorize?${query}`);
}
