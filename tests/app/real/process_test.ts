import assert from "node:assert/strict";
import { CLIENTS } from "../../real/clients.ts";
import { startFirstMinute } from "../../real/first_minute.ts";
import { MAIN } from "../../real/process.ts";
import { granted } from "../../real/served.ts";
import { openSession } from "../../real/session.ts";

const ignore = !await granted("net", "run", "read", "write", "env");
const PAST_ORDERS = { name: "see_past_orders" };

Deno.test({
  name: "a bare start has orders for everyone who signs in, and they are still there after a restart",
  ignore,
  async fn() {
    await using server = await startFirstMinute({ DEMO_ORDERS: "" }, MAIN);
    const { connect } = CLIENTS["the v2 client that probes"]!;
    const seen: unknown[] = [];
    await using ada = await openSession(connect, server.resource);
    await using grace = await openSession(connect, server.resource);
    const sessions = { ada, grace };
    for (const [person, session] of Object.entries(sessions)) {
      await session.signIn(person, PAST_ORDERS);
      const { structuredContent } = await session.client.callTool(PAST_ORDERS);
      const { orders } = structuredContent as { orders: unknown[] };
      assert.ok(orders.length > 0);
      seen.push(structuredContent);
    }
    assert.notDeepEqual(seen[0], seen[1]);

    await server.restart();
    for (const [index, session] of [ada, grace].entries()) {
      const { structuredContent } = await session.client.callTool(PAST_ORDERS);
      assert.deepEqual(structuredContent, seen[index]);
    }
  },
});
