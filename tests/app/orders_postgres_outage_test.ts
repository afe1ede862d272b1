import assert from "node:assert/strict";
// @ts-types="../../src/storage/pg.d.ts"
import pg from "pg";
import { granted } from "../real/served.ts";
import { NOW, openTestOrders } from "./support.ts";
import { ADA, order, wish } from "./order_store_contract.ts";
import type { TestPostgres } from "./postgres_server.ts";

const ignore = !await granted("net", "run", "read", "write", "env", "sys");
const ignoreWithoutReal = ignore || !(await import("./postgres_server.ts")).isRealPostgres();
const IN_WORDS = { name: "ToolError", message: /^Orders cannot be reached right now.*Try again/ };

/** The orders in a database, with a clock that makes every check a new one. */
async function open(databaseUrl: string) {
  let now = NOW;
  const causes: string[] = [];
  const opened = await openTestOrders({
    databaseUrl,
    demoOrders: false,
    now: () => now += 1_000,
    onFailure: (cause) => causes.push(cause),
  });
  return { ...opened, causes };
}

async function withPostgres(run: (server: TestPostgres, url: string) => Promise<void>): Promise<void> {
  const { startPostgres } = await import("./postgres_server.ts");
  await using server = await startPostgres();
  await run(server, await server.createDatabase());
}

Deno.test({
  name: "an unreachable Postgres is told in words, and its password to nobody (AUTH-24)",
  ignore,
  async fn() {
    await using opened = await open("postgres://ada:canary@127.0.0.1:1/pizza?options=canary");
    const errors = [
      await opened.orders.recent(ADA, 5).catch((error) => error),
      await opened.ready().catch((error) => error),
    ];
    assert.match(String(errors[0]), /ToolError: Orders cannot be reached right now/);
    assert.match(String(errors[1]), /the log says why/);
    assert.match(opened.causes[0]!, /ECONNREFUSED/);
    assert.ok(!Deno.inspect([errors, opened.causes]).includes("canary"));
  },
});

Deno.test({
  name: "a Postgres that crashes among reorders and comes back is used again, nothing lost or doubled",
  ignore: ignoreWithoutReal || Boolean(Deno.env.get("TEST_DATABASE_URL")),
  fn: () =>
    withPostgres(async (server, url) => {
      await using opened = await open(url);
      const { orders, ready } = opened;
      await orders.welcome(ADA, () => [order("old", 9)]);
      const keys = Array.from({ length: 100 }, (_, index) => `key-${index}`);
      const place = async (key: string) => {
        const outcome = await orders.reorder(ADA, wish("old", { key }));
        return outcome.kind === "placed" ? outcome.order.orderId : assert.fail(outcome.kind);
      };
      const before = Promise.allSettled(keys.map(place));
      await place("first");
      await server.restart?.();
      const acknowledged = await before;
      assert.equal(await ready(), undefined);
      // Nobody uses the connections that are lost now.
      await server.restart?.();
      const after = await Promise.all(keys.map(place));
      acknowledged.forEach((outcome, index) => {
        if (outcome.status === "fulfilled") assert.equal(after[index], outcome.value);
        else assert.equal(outcome.reason.name, "ToolError");
      });
      assert.equal((await orders.recent(ADA, 1_000)).length, keys.length + 2);
    }),
});

Deno.test({
  name: "a Postgres that is too slow is told in words, and goes on afterwards",
  ignore: ignoreWithoutReal,
  fn: () =>
    withPostgres(async (_server, url) => {
      const other = new pg.Pool({ connectionString: url, max: 1 });
      await using opened = await open(`${url}?statement_timeout=50`);
      const { orders, causes } = opened;
      await orders.welcome(ADA, () => [order("old", 9)]);
      await other.query("BEGIN; LOCK TABLE orders");
      await assert.rejects(orders.recent(ADA, 5), IN_WORDS);
      await assert.rejects(orders.reorder(ADA, wish("old")), IN_WORDS);
      await other.query("ROLLBACK");
      await other.end();
      for (const cause of causes) assert.match(cause, /57014.*statement timeout/);
      assert.equal((await orders.recent(ADA, 5)).length, 1);
    }),
});

Deno.test({
  name: "a Postgres that lets nobody write is read, is not ready, and refuses reorders in words",
  ignore: ignoreWithoutReal,
  fn: () =>
    withPostgres(async (_server, url) => {
      await using writable = await open(url);
      await writable.orders.welcome(ADA, () => [order("old", 9)]);
      await using opened = await open(`${url}?options=-c%20default_transaction_read_only%3Don`);
      assert.equal((await opened.orders.recent(ADA, 5)).length, 1);
      await assert.rejects(opened.ready, /the log says why/);
      await assert.rejects(opened.orders.reorder(ADA, wish("old")), IN_WORDS);
      for (const cause of opened.causes) assert.match(cause, /standby|read-only/);
    }),
});
