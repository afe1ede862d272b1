import assert from "node:assert/strict";
import { CONTACTS, createUpstream, UPSTREAM } from "../upstream.ts";
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
        const asked = await challenged(oauth, orders(connection.client));
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
      const asked = await challenged(oauth, orders(connection.client));
      await connection.finishAuth(await signIn(asked, "ada"));
      const before = await orders(connection.client);
      assert.equal(oauth.grants, 1);

      now += (LIFETIME.signIn + 60) * 1000;
      assert.deepEqual(await orders(connection.client), before);
      assert.equal(oauth.grants, 2);
    },
  });

  // It neither adds scopes up nor asks the person again while it holds a refresh token.
  if (name === "the v1 client") continue;
  Deno.test({
    name: `${name} asks the person for one more permission when a tool needs it, and keeps the first`,
    ignore,
    async fn() {
      await using authorizationServer = await startOidcProvider();
      await using server = await serve(authorizationServer.issuer);
      const oauth = new OAuthClient();
      await using connection = await connect(server.resource, { oauth });
      const { client } = connection;
      await connection.finishAuth(await signIn(await challenged(oauth, orders(client)), "ada"));
      const before = await orders(client);

      const reorder = { name: "reorder_pizza", arguments: { orderId: before[0]?.orderId } };
      const asked = await challenged(oauth, client.callTool(reorder));
      assert.ok(asked.searchParams.get("scope")?.split(" ").includes("orders:write"));
      await connection.finishAuth(await signIn(asked, "ada"));
      await client.callTool(reorder);
      assert.equal((await orders(client)).length, before.length + 1);
    },
  });
}

for (const name of ["the v1 client", "the v2 client pinned to 2026-07-28"]) {
  Deno.test({
    name: `${name} reaches an API through a tool, as the person who signed in and as nobody else (10.1)`,
    ignore,
    async fn() {
      await using authorizationServer = await startOidcProvider();
      const { issuer, resourceServer: tokenExchange } = authorizationServer;
      const upstream = createUpstream({ issuer, jwksUri: `${issuer}/jwks`, fetch });
      await using server = await serve(issuer, {
        app: CONTACTS,
        tokenExchange,
        fetch: async (input, init) => {
          const request = new Request(input, init);
          return request.url === UPSTREAM ? await upstream.fetch(request) : await fetch(request);
        },
      });
      const connections: [person: string, client: McpClient][] = [];
      await using opened = new AsyncDisposableStack();
      for (const person of ["ada", "grace"]) {
        const oauth = new OAuthClient();
        const { client, finishAuth } = opened.use(await CLIENTS[name]!.connect(server.resource, { oauth }));
        await finishAuth(await signIn(await challenged(oauth, client.callTool({ name: "list" })), person));
        connections.push([person, client]);
      }
      for (const [person, client] of [...connections, ...connections]) {
        const { structuredContent } = await client.callTool({ name: "list" });
        assert.deepEqual(structuredContent, { owner: person, scope: "contacts:read" });
        const refused = await client.callTool({ name: "change" });
        assert.equal(refused["isError"], true);
        assert.match(JSON.stringify(refused["_meta"]), /insufficient_scope.*contacts:read contacts:write/);
      }
    },
  });
}

/** Where the client sends the person's browser because the server did not let this call through. */
async function challenged(oauth: OAuthClient, call: Promise<unknown>): Promise<URL> {
  oauth.authorizationUrl = undefined;
  await assert.rejects(call, /Unauthorized/);
  assert.ok(oauth.authorizationUrl);
  return oauth.authorizationUrl;
}

async function orders(client: McpClient): Promise<{ orderId: string }[]> {
  const { structuredContent } = await client.callTool({ name: "see_past_orders" });
  return (structuredContent as { orders: { orderId: string }[] }).orders;
}
