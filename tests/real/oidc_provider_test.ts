import assert from "node:assert/strict";
import { shared } from "../shared.ts";
import { CONTACTS, createUpstream, UPSTREAM } from "../upstream.ts";
import { signIn } from "./browser.ts";
import { CLIENTS, type Connect, type Connection, type McpClient } from "./clients.ts";
import { OAuthClient } from "./oauth_client.ts";
import { LIFETIME, startOidcProvider } from "./oidc_provider.ts";
import { granted, serve } from "./served.ts";

const ignore = !await granted("net", "env");

const authorizationServer = shared(startOidcProvider);
const server = shared(async () => await serve((await authorizationServer()).issuer));

/** Calls a tool that needs a person, signs one in, and hands on what the client has by then. */
async function session(connect: Connect, resource: string, person: string): Promise<Session> {
  const oauth = new OAuthClient();
  const connection = await connect(resource, { oauth });
  const asked = await challenged(oauth, connection.client.callTool(LIST));
  await connection.finishAuth(await signIn(asked, person));
  return { oauth, ...connection, [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose]() };
}

interface Session extends Connection {
  readonly oauth: OAuthClient;
}

const LIST: Parameters<McpClient["callTool"]>[0] = { name: "list_notes" };
const add = (title: string) => ({ name: "add_note", arguments: { title } });

for (const [name, { connect }] of Object.entries(CLIENTS)) {
  Deno.test({
    name: `${name} refreshes its token when the server says that it has expired`,
    ignore,
    async fn() {
      let now = Date.now();
      await using server = await serve((await authorizationServer()).issuer, { now: () => now });
      await using reader = await session(connect, server.resource, "ada");
      assert.deepEqual(await titles(reader.client), []);
      assert.equal(reader.oauth.grants, 1);

      now += (LIFETIME.signIn + 60) * 1000;
      assert.deepEqual(await titles(reader.client), []);
      assert.equal(reader.oauth.grants, 2);
    },
  });

  // It neither adds scopes up nor asks the person again while it holds a refresh token.
  if (name === "the v1 client") continue;
  Deno.test({
    name: `${name} asks the person for one more permission when a tool needs it, and keeps the first`,
    ignore,
    async fn() {
      const person = `ada-${crypto.randomUUID()}`;
      await using reader = await session(connect, (await server()).resource, person);
      const { client, oauth } = reader;
      assert.deepEqual(await titles(client), []);

      const asked = await challenged(oauth, client.callTool(add("Buy stamps")));
      assert.ok(asked.searchParams.get("scope")?.split(" ").includes("notes:write"));
      await reader.finishAuth(await signIn(asked, person));
      await client.callTool(add("Buy stamps"));
      assert.deepEqual(await titles(client), ["Buy stamps"]);
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

async function titles(client: McpClient): Promise<string[]> {
  const { structuredContent } = await client.callTool(LIST);
  return (structuredContent as { notes: { title: string }[] }).notes.map(({ title }) => title);
}
