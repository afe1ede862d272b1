import assert from "node:assert/strict";
import { answerSignIn } from "../answer_sign_in.ts";
import { toolCall } from "../app/support.ts";
import { CLIENTS, type McpClient } from "./clients.ts";
import { startFirstMinute } from "./first_minute.ts";
import { granted } from "./served.ts";
import { issuerOf, openSession, serveClientDocument, type Session } from "./session.ts";

const ignore = !await granted("net", "run", "read", "write", "env");

for (const [name, { connect }] of Object.entries(CLIENTS)) {
  Deno.test({
    name: `${name} gets from a bare start to its own person's orders, registered or known by its document`,
    ignore,
    async fn() {
      await using server = await startFirstMinute();
      await using document = serveClientDocument();
      for (const clientId of [undefined, document.clientId]) {
        const seen: unknown[] = [];
        for (const person of ["ada", "grace"]) {
          await using session = await openSession(connect, server.resource, clientId);
          const { client } = session;
          const { tools } = await client.listTools();
          assert.ok(tools.some(({ name }) => name === "see_past_orders"));
          assert.equal(await isSignedIn(client), false);
          await session.signIn(person);
          assert.equal(await isSignedIn(client), true);
          seen.push(await orders(client));
        }
        assert.notDeepEqual(seen[0], seen[1]);
      }
    },
  });
}

Deno.test({
  name: "every client hears that its person said no, and goes on without them (ASA-15)",
  ignore,
  async fn() {
    await using server = await startFirstMinute();
    for (const { connect } of Object.values(CLIENTS)) {
      await using session = await openSession(connect, server.resource);
      const callback = await answerSignIn(await session.challenge(), { decision: "deny" });
      assert.equal(callback.searchParams.get("error"), "access_denied");
      assert.equal(callback.searchParams.get("iss"), issuerOf(server.resource));
      await assert.rejects(session.finish(callback));
      assert.equal(session.oauth.grants, 0);
      assert.equal(await isSignedIn(session.client), false);
    }
  },
});

Deno.test({
  name:
    "every client stays signed in over a restart, and refreshes by itself when its token expires (AST-11)",
  ignore,
  async fn() {
    await using server = await startFirstMinute({ DEV_ACCESS_TOKEN_SECONDS: "1" });
    await using document = serveClientDocument();
    await using cleanup = new AsyncDisposableStack();
    const sessions: Session[] = [];
    for (const { connect } of Object.values(CLIENTS)) {
      for (const clientId of [undefined, document.clientId]) {
        const session = cleanup.use(await openSession(connect, server.resource, clientId));
        await session.signIn("ada");
        sessions.push(session);
      }
    }
    const before = await Promise.all(sessions.map(({ client }) => orders(client)));

    await server.restart();
    for (const { oauth } of sessions) await untilExpired(server.resource, oauth.tokens()?.access_token);
    for (const [index, { client, oauth }] of sessions.entries()) {
      const { grants } = oauth;
      assert.deepEqual(await orders(client), before[index]);
      assert.equal(oauth.grants, grants + 1);
    }
  },
});

/**
 * The process has the real clock, so the test asks until a token that lives for a second is refused: the
 * clocks of issuer and server may be 30 seconds apart.
 */
async function untilExpired(resource: string, token: string | undefined): Promise<void> {
  const started = performance.now();
  while (performance.now() - started < 60_000) {
    const response = await fetch(new Request(resource, toolCall("legacy", "search_pizza_sf", {}, { token })));
    await response.body?.cancel();
    if (response.status === 401) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The token did not expire within a minute.");
}

async function orders(client: McpClient): Promise<unknown[]> {
  const { structuredContent } = await client.callTool({ name: "see_past_orders" });
  const { orders } = structuredContent as { orders: unknown[] };
  assert.ok(orders.length > 0);
  return orders;
}

async function isSignedIn(client: McpClient): Promise<boolean> {
  const { structuredContent } = await client.callTool({ name: "search_pizza_sf" });
  return (structuredContent as { signedIn: boolean }).signedIn;
}
