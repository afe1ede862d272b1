import assert from "node:assert/strict";
import { TestIssuer } from "../test_issuer.ts";
import { type ClientKind, CLIENTS, type McpClient, statusOf } from "./clients.ts";
import { granted, serve } from "./served.ts";

const ignore = !await granted("net");

/** Connects with a token that has these claims, or with this token, or with none. */
type As = (
  caller: { readonly claims?: Record<string, unknown>; readonly token?: string },
  use: (client: McpClient) => Promise<void>,
) => Promise<void>;

/** One test for each of the clients, against a server of its own. */
function test(behaviour: string, run: (as: As) => Promise<void>, clients = Object.entries(CLIENTS)): void {
  for (const [name, client] of clients) {
    Deno.test({ name: `${name} ${behaviour}`, ignore, fn: () => withServer(client, run) });
  }
}

async function withServer({ connect, revision }: ClientKind, run: (as: As) => Promise<void>): Promise<void> {
  const issuer = await TestIssuer.create();
  issuer.scope = "orders:read";
  await using server = await serve(issuer.issuer, { fetch: issuer.fetch as typeof fetch });
  await run(async ({ claims, token }, use) => {
    const iat = Math.floor(Date.now() / 1000);
    const signed = claims && await issuer.token({ aud: server.resource, iat, exp: iat + 600, ...claims });
    const bearer = signed ?? token;
    await using connection = await connect(server.resource, bearer === undefined ? {} : { token: bearer });
    assert.equal(connection.revision, revision);
    await use(connection.client);
  });
}

function data(result: Record<string, unknown>): Record<string, unknown> {
  assert.notEqual(result["isError"], true, JSON.stringify(result["content"]));
  return result["structuredContent"] as Record<string, unknown>;
}

test("lists the tools, and reads the widgets of search and past orders", (as) =>
  as({}, async (client) => {
    const { tools } = await client.listTools();
    for (const name of ["search_pizza_sf", "see_past_orders"]) {
      const uri = tools.find((tool) => tool.name === name)?._meta?.["openai/outputTemplate"];
      const { contents } = await client.readResource({ uri: String(uri) });
      assert.equal(contents[0]?.["mimeType"], "text/html;profile=mcp-app");
      assert.match(String(contents[0]?.["text"]), /^<!doctype html>/i);
    }
  }));

test("lists the widgets and their template", (as) =>
  as({}, async (client) => {
    const { resources } = await client.listResources();
    assert.equal(resources.length, 2);
    assert.ok(resources.every(({ uri }) => uri.startsWith("ui://widget/")));
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.deepEqual(resourceTemplates.map(({ uriTemplate }) => uriTemplate), ["ui://widget/{name}.html"]);
  }));

test("searches without signing in", (as) =>
  as({}, async (client) => {
    const result = await client.callTool({
      name: "search_pizza_sf",
      arguments: { searchTerm: "pepperoni" },
    });
    const { pizzaTopping, signedIn, places } = data(result);
    assert.deepEqual({ pizzaTopping, signedIn }, { pizzaTopping: "pepperoni", signedIn: false });
    assert.ok(Array.isArray(places) && places.length > 0);
  }));

test("searches as a person who sees where they ordered before", (as) =>
  as({ claims: {} }, async (client) => {
    const { signedIn, places } = data(await client.callTool({ name: "search_pizza_sf" }));
    assert.equal(signedIn, true);
    assert.ok(Array.isArray(places) && places.some(({ orderedBefore }) => orderedBefore === true));
  }));

test("reads a person's own orders, the same ones every time", async (as) => {
  const orders: unknown[] = [];
  for (const sub of ["ada", "ada", "grace"]) {
    await as({ claims: { sub } }, async (client) => {
      orders.push(data(await client.callTool({ name: "see_past_orders" }))["orders"]);
    });
  }
  assert.deepEqual(orders[0], orders[1]);
  assert.notDeepEqual(orders[0], orders[2]);
});

test("is asked to sign in for past orders, and can go on without", (as) =>
  as({}, async (client) => {
    await assert.rejects(client.callTool({ name: "see_past_orders" }), (error) => statusOf(error) === 401);
    assert.equal(data(await client.callTool({ name: "search_pizza_sf" }))["signedIn"], false);
  }));

test("is told that a token lacks the scope", (as) =>
  as({ claims: { scope: "profile" } }, async (client) => {
    await assert.rejects(client.callTool({ name: "see_past_orders" }), (error) => statusOf(error) === 403);
    assert.equal(data(await client.callTool({ name: "search_pizza_sf" }))["signedIn"], false);
  }));

test("cannot even connect with a token that is no good", async (as) => {
  const faults = [{ token: "nonsense" }, { claims: { aud: "https://elsewhere.test" } }, {
    claims: { exp: 1 },
  }];
  for (const fault of faults) {
    await assert.rejects(as(fault, () => Promise.resolve()), (error) => statusOf(error) === 401);
  }
});

test("passes on what is wrong with the arguments", (as) =>
  as({}, async (client) => {
    const result = await client.callTool({ name: "search_pizza_sf", arguments: { topping: "pepperoni" } });
    assert.equal(result["isError"], true);
    assert.match(JSON.stringify(result["content"]), /The only arguments are searchTerm/);
  }));

test("learns that a tool and a resource do not exist", (as) =>
  as({}, async (client) => {
    await assert.rejects(client.callTool({ name: "order_sushi" }), {
      code: -32602,
      message: /order_sushi/,
    });
    const nowhere = { uri: "ui://widget/nowhere.html" };
    await assert.rejects(client.readResource(nowhere), { code: -32602, message: /nowhere/ });
  }));

test(
  "pings",
  (as) => as({}, async (client) => void await client.ping()),
  Object.entries(CLIENTS).filter(([, { revision }]) => revision === "2025-11-25"),
);
