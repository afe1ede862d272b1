import assert from "node:assert/strict";
import app from "../../src/app/mod.ts";
import { ConfigError, loadConfig } from "../../src/config/config.ts";
import { ask, createTestServer, toolCall } from "./support.ts";

const MACHINE = { isTerminal: false };

/** How many orders someone has who has never ordered. */
async function ordersOfNewcomer(options: Parameters<typeof createTestServer>[0]): Promise<number> {
  const { server, issuer } = await createTestServer(options);
  const { body } = await ask(
    server,
    toolCall("legacy", "see_past_orders", {}, { token: await issuer.token() }),
  );
  return (body.result?.structuredContent?.["orders"] as unknown[]).length;
}

Deno.test("demo orders are on with the development authorization server, and off with any other (A19)", async () => {
  const demoOrders = (development: boolean) => ({
    ...app,
    open: (deps: Parameters<typeof app.open>[0]) => app.open({ ...deps, env: {}, development }),
  });
  assert.equal(await ordersOfNewcomer({ app: demoOrders(false) }), 0);
  assert.equal(await ordersOfNewcomer({ app: demoOrders(true) }), 4);
});

for (const [value, orders] of [["true", 4], ["false", 0]] as const) {
  Deno.test(`DEMO_ORDERS=${value} decides otherwise (A19)`, async () => {
    const { appEnv } = loadConfig({ DEMO_ORDERS: value }, MACHINE, app.env);
    assert.equal(await ordersOfNewcomer({ appEnv }), orders);
  });
}

Deno.test("a wrong DEMO_ORDERS is one of the configuration's problems, named with its fix (AUTH-29)", () => {
  const load = () => loadConfig({ DEMO_ORDERS: "2", PORT: "x" }, MACHINE, app.env);
  assert.throws(load, (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /2 problems[^]*PORT=x[^]*DEMO_ORDERS=2: write true or false/);
    return true;
  });
});
