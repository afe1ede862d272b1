import assert from "node:assert/strict";
// @ts-types="../../src/storage/pg.d.ts"
import pg from "pg";
import { granted } from "../real/served.ts";
import { ask, createTestServer, NOW, openTestOrders, toolCall } from "./support.ts";
import { createApp } from "./create_app.ts";
import { startFreezingProxy } from "./freezing_proxy.ts";
import { ADA, order, wish } from "./order_store_contract.ts";
import { execute } from "./postgres_databases.ts";
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

/** The sample over HTTP on a database, with a clock that makes every check a new one. */
async function serve(databaseUrl: string) {
  let time = NOW;
  const now = () => time += 1_000;
  const causes: string[] = [];
  const opened = await openTestOrders({ databaseUrl, now, onFailure: (cause) => causes.push(cause) });
  const { server, issuer } = await createTestServer({ app: createApp({ ...opened, now }), now: () => NOW });
  const token = await issuer.token({ scope: "orders:read orders:write" });
  const call = async (tool: string, args: Record<string, unknown> = {}) => {
    const { status, body } = await ask(server, toolCall("modern", tool, args, { token }));
    assert.equal(status, 200);
    const { isError, content, structuredContent } = body.result!;
    return { isError, text: content?.[0]?.text ?? "", data: structuredContent };
  };
  return {
    causes,
    async orders() {
      const { data } = await call("see_past_orders");
      return (data?.["orders"] as { readonly orderId: string }[]).map(({ orderId }) => orderId);
    },
    read: () => call("see_past_orders"),
    async reorder(args: { readonly orderId: string; readonly idempotencyKey: string }) {
      const { isError, text, data } = await call("reorder_pizza", args);
      return {
        isError,
        text,
        orderId: (data?.["order"] as { readonly orderId: string } | undefined)?.orderId,
      };
    },
    async ready() {
      const { status, body } = await ask<unknown>(server, new Request("http://localhost:8000/ready"));
      return { status, body };
    },
    wait: (ms: number) => time += ms,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

const READY = { status: 200, body: { keys: "ok", app: "ok" } };
const NOT_READY = { status: 503, body: { keys: "ok", app: "not ok" } };

function assertInWords({ isError, text }: { readonly isError?: boolean | undefined; readonly text: string }) {
  assert.equal(isError, true);
  assert.match(text, IN_WORDS.message);
}

Deno.test({
  name:
    "a Postgres that falls silent before a commit makes tools fail in words and /ready 503, and when it is back the order is made once (issue 13 part 4)",
  ignore: ignoreWithoutReal,
  fn: () =>
    withPostgres(async (_server, url) => {
      const { hostname, port } = new URL(url);
      await using proxy = startFreezingProxy({ hostname, port: Number(port || 5432) });
      const proxied = Object.assign(new URL(url), { hostname: "127.0.0.1", port: proxy.port });
      proxied.searchParams.set("query_timeout", "2000");
      await using app = await serve(proxied.href);
      // Several at once, so that there are connections that fall silent while nobody uses them.
      const [[orderId]] = await Promise.all([app.orders(), app.orders(), app.orders(), app.orders()]);
      assert.deepEqual(await app.ready(), READY);

      const frozen = proxy.freezeAt("COMMIT");
      const request = { orderId: orderId!, idempotencyKey: "k" };
      const reordering = app.reorder(request);
      await frozen;
      const [reordered, read, ready] = await Promise.all([reordering, app.read(), app.ready()]);
      assertInWords(reordered);
      assertInWords(read);
      assert.deepEqual(ready, NOT_READY);
      assert.match(
        app.causes.join("\n"),
        /^(Error: )?Query read timeout(\n(Error: )?Query read timeout){2}$/,
      );

      proxy.thaw();
      const again = await app.reorder(request);
      assert.equal(again.isError, undefined, again.text);
      assert.deepEqual(await app.reorder(request), again);
      assert.deepEqual((await app.orders()).filter((id) => id === again.orderId), [again.orderId]);
      assert.equal((await app.orders()).length, 5);
      assert.deepEqual(await app.ready(), READY);
    }),
});

Deno.test({
  name:
    "a Postgres whose disk is full is read, refuses reorders in words, makes /ready 503 for ten seconds, and heals (issue 13 part 4)",
  ignore: ignoreWithoutReal,
  fn: () =>
    withPostgres(async (_server, url) => {
      await using app = await serve(url);
      const [orderId] = await app.orders();
      assert.deepEqual(await app.ready(), READY);
      await execute(
        url,
        `CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION fill()`,
      );
      const request = { orderId: orderId!, idempotencyKey: "k" };
      assertInWords(await app.reorder(request));
      assert.deepEqual(await app.ready(), NOT_READY);
      assert.match(
        app.causes.join("\n"),
        /^53100: .*No space left.*\nThe last write failed: the disk is full/,
      );
      assert.equal((await app.orders()).length, 4);

      await execute(url, "DROP TRIGGER full_disk ON orders");
      app.wait(10_000);
      assert.deepEqual(await app.ready(), READY);
      const again = await app.reorder(request);
      assert.deepEqual(await app.reorder(request), again);
      assert.deepEqual((await app.orders()).filter((id) => id === again.orderId), [again.orderId]);
    }),
});
