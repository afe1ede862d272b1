import assert from "node:assert/strict";
import { signIn } from "./browser.ts";
import { CLIENTS, type McpClient } from "./clients.ts";
import { OAuthClient } from "./oauth_client.ts";
import { LIFETIME, startOidcProvider } from "./oidc_provider.ts";
import { granted, serve } from "./served.ts";

const ignore = !await granted("net", "env");

for (const [name, { connect }] of Object.entries(CLIENTS)) {
  Deno.test({
    name: `${name} goes from the challenge of an anonymous call to the orders of the person who signed in`,
    ignore,
    async fn() {
      await using authorizationServer = await startOidcProvider();
      await using server = await serve(authorizationServer.issuer);
      const seen: unknown[] = [];
      for (const person of ["ada", "grace"]) {
        const oauth = new OAuthClient();
        await using connection = await connect(server.resource, { oauth });
        await assert.rejects(orders(connection.client), /Unauthorized/);

        const asked = oauth.authorizationUrl;
        assert.ok(asked);
        assert.equal(asked.origin, authorizationServer.issuer);
        assert.equal(asked.searchParams.get("resource"), server.resource);
        assert.ok(asked.searchParams.get("scope")?.split(" ").includes("orders:read"));
        assert.equal(asked.searchParams.get("code_challenge_method"), "S256");

        await connection.finishAuth(await signIn(asked, person));
        const first = await orders(connection.client);
        assert.equal(first.length, 4);
        assert.deepEqual(await orders(connection.client), first);
        seen.push(first);
      }
      assert.notDeepEqual(seen[0], seen[1]);
    },
  });

  Deno.test({
    name: `${name} refreshes its token when the server says that it has expired`,
    ignore,
    async fn() {
      let now = Date.now();
      await using authorizationServer = await startOidcProvider();
      await using server = await serve(authorizationServer.issuer, { now: () => now });
      const oauth = new OAuthClient();
      await using connection = await connect(server.resource, { oauth });
      await assert.rejects(orders(connection.client), /Unauthorized/);
      assert.ok(oauth.authorizationUrl);
      await connection.finishAuth(await signIn(oauth.authorizationUrl, "ada"));
      const before = await orders(connection.client);
      assert.equal(oauth.grants, 1);

      now += (LIFETIME.signIn + 60) * 1000;
      assert.deepEqual(await orders(connection.client), before);
      assert.equal(oauth.grants, 2);
    },
  });
}

async function orders(client: McpClient): Promise<unknown[]> {
  const { structuredContent } = await client.callTool({ name: "see_past_orders" });
  return (structuredContent as { orders: unknown[] }).orders;
}
