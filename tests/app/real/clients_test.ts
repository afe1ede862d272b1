import assert from "node:assert/strict";
import app from "../../../src/app/mod.ts";
import { CLIENTS, type McpClient } from "../../real/clients.ts";
import { granted, serve } from "../../real/served.ts";
import { shared } from "../../shared.ts";
import { TestIssuer } from "../../test_issuer.ts";

const ignore = !await granted("net");

const stage = shared(async () => {
  const issuer = await TestIssuer.create();
  const env = { DEMO_ORDERS: "true" };
  const server = await serve(issuer.issuer, { app, env, fetch: issuer.fetch as typeof fetch });
  return { issuer, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
});

/** One test for each of the official clients. `as` connects one with a token of this person's, or with none. */
function test(
  behaviour: string,
  run: (
    as: (sub: string | undefined, use: (client: McpClient) => Promise<void>) => Promise<void>,
  ) => Promise<void>,
): void {
  for (const [name, { connect }] of Object.entries(CLIENTS)) {
    Deno.test({
      name: `${name} ${behaviour}`,
      ignore,
      fn: () =>
        run(async (sub, use) => {
          const { issuer, server: { resource } } = await stage();
          const iat = Math.floor(Date.now() / 1000);
          const claims = { aud: resource, iat, exp: iat + 600, sub, scope: "orders:read" };
          await using connection = await connect(resource, sub ? { token: await issuer.token(claims) } : {});
          await use(connection.client);
        }),
    });
  }
}

async function call(client: McpClient, name: string, args: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: args });
  assert.notEqual(result["isError"], true, JSON.stringify(result["content"]));
  return result["structuredContent"] as Record<string, unknown>;
}

test("reads the widgets of search and past orders", (as) =>
  as(undefined, async (client) => {
    const { tools } = await client.listTools();
    for (const name of ["search_pizza_sf", "see_past_orders"]) {
      const uri = tools.find((tool) => tool.name === name)?._meta?.["openai/outputTemplate"];
      const { contents } = await client.readResource({ uri: String(uri) });
      assert.equal(contents[0]?.["mimeType"], "text/html;profile=mcp-app");
      assert.match(String(contents[0]?.["text"]), /^<!doctype html>/i);
    }
    assert.equal((await client.listResources()).resources.length, 2);
  }));

test("searches without signing in, and as a person sees where they ordered before", async (as) => {
  await as(undefined, async (client) => {
    const found = await call(client, "search_pizza_sf", { searchTerm: "pepperoni" });
    const { pizzaTopping, signedIn, places } = found;
    assert.deepEqual({ pizzaTopping, signedIn }, { pizzaTopping: "pepperoni", signedIn: false });
    assert.ok(Array.isArray(places) && places.length > 0);
  });
  await as("ada", async (client) => {
    const { signedIn, places } = await call(client, "search_pizza_sf");
    assert.equal(signedIn, true);
    assert.ok(Array.isArray(places) && places.some(({ orderedBefore }) => orderedBefore === true));
  });
});

test("reads a person's own orders, the same ones every time", async (as) => {
  const orders: unknown[] = [];
  for (const sub of ["ada", "ada", "grace"]) {
    await as(sub, async (client) => void orders.push((await call(client, "see_past_orders"))["orders"]));
  }
  assert.deepEqual(orders[0], orders[1]);
  assert.notDeepEqual(orders[0], orders[2]);
});
