import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openOrders } from "../../src/app/open_orders.ts";
import type { OrderStore } from "../../src/app/orders.ts";
import { createSqliteOrders } from "../../src/app/orders_sqlite.ts";
import { withOutageWords } from "../../src/app/orders_outage.ts";
import { ADA, order, wish } from "./order_store_contract.ts";
import { NOW } from "../support.ts";

const IN_WORDS = { name: "ToolError", message: /^Orders cannot be reached right now.*Try again/ };

/** Ada has an order in an SQLite database, which then fails in some way, and later no more. */
async function sqlite() {
  const database = new DatabaseSync(":memory:");
  const causes: string[] = [];
  const clock = { now: NOW };
  const { orders, ready } = await openOrders({
    databaseUrl: undefined,
    database,
    demoOrders: false,
    now: () => clock.now,
    randomUUID: () => crypto.randomUUID(),
    onFailure: (cause) => causes.push(cause),
  });
  await orders.welcome(ADA, () => [order("old", 9)]);
  return { database, orders, causes, clock, ready };
}

Deno.test("a full disk is told in words, leaves nothing half-written, and heals", async () => {
  const { database, orders, causes } = await sqlite();
  database.exec("PRAGMA max_page_count = 1");
  // The pages that are there take some orders yet.
  let placed = 0;
  const fill = async () => {
    for (; placed < 1_000; placed++) await orders.reorder(ADA, wish("old", { key: `key-${placed}` }));
  };
  await assert.rejects(fill, IN_WORDS);
  assert.ok(causes.every((cause) => /full/.test(cause)), causes.join());
  assert.equal((await orders.recent(ADA, 2_000)).length, placed + 1);

  database.exec("PRAGMA max_page_count = 100000");
  assert.equal((await orders.reorder(ADA, wish("old", { key: "after" }))).kind, "placed");
});

Deno.test("a database that became read-only is told in words, is still read, is not ready, and heals", async () => {
  const { database, orders, causes, clock, ready } = await sqlite();
  assert.equal(await ready(), undefined);
  database.exec("PRAGMA query_only = ON");
  clock.now += 1_000;
  await assert.rejects(orders.reorder(ADA, wish("old")), IN_WORDS);
  await assert.rejects(ready, /^Error: Orders cannot be read and written right now/);
  assert.equal((await orders.recent(ADA, 5)).length, 1);
  assert.ok(causes.every((cause) => /readonly/.test(cause)), causes.join());

  database.exec("PRAGMA query_only = OFF");
  clock.now += 1_000;
  assert.equal(await ready(), undefined);
  assert.equal((await orders.reorder(ADA, wish("old"))).kind, "placed");
});

Deno.test("whoever asks often whether orders are ready gets the answer of a second ago", async () => {
  const { database, clock, ready } = await sqlite();
  await ready();
  database.close();
  assert.equal(await ready(), undefined);
  clock.now += 1_000;
  await assert.rejects(ready);
});

Deno.test("a database that does not answer is told in words when its time is up", async () => {
  const silent = () => new Promise<never>(() => {});
  const causes: string[] = [];
  const hung: OrderStore = {
    recent: silent,
    restaurants: silent,
    reorder: silent,
    welcome: silent,
    check: silent,
  };
  const orders = withOutageWords(hung, { onFailure: (cause) => causes.push(cause), deadlineMs: 5 });
  await assert.rejects(orders.recent(ADA, 5), IN_WORDS);
  await assert.rejects(orders.restaurants(ADA), IN_WORDS);
  await assert.rejects(orders.reorder(ADA, wish("old")), IN_WORDS);
  await assert.rejects(orders.welcome(ADA, () => []), IN_WORDS);
  await assert.rejects(orders.check(), /^Error: Orders cannot be read and written/);
  assert.equal(causes.length, 5);
  assert.match(causes[0]!, /not answered for 0.005 seconds/);
});

Deno.test("the cause of a failure is its code and message, and no details that may quote orders", async () => {
  const causes: string[] = [];
  const error = Object.assign(new Error("duplicate key"), { code: "23505", detail: "Key (subject)=(ada)" });
  const failing = {
    ...createSqliteOrders(new DatabaseSync(":memory:")),
    recent: () => Promise.reject(error),
  };
  const orders = withOutageWords(failing, { onFailure: (cause) => causes.push(cause) });
  await assert.rejects(orders.recent(ADA, 5), IN_WORDS);
  assert.deepEqual(causes, ["23505: duplicate key"]);
});

Deno.test("without a database everyone sees demo orders, and is told what to attach to order more", async () => {
  const { orders, ready } = await openOrders({
    databaseUrl: undefined,
    database: undefined,
    demoOrders: true,
    now: () => NOW,
    randomUUID: () => crypto.randomUUID(),
    onFailure: assert.fail,
  });
  assert.equal((await orders.recent(ADA, 20)).length, 4);
  assert.match(String(await ready()), /attach a Postgres database.*DATABASE_URL/);
  assert.equal(orders.readOnly, await ready());
});

Deno.test("a database of a newer version is left alone, and the error says what to do", () => {
  const database = new DatabaseSync(":memory:");
  createSqliteOrders(database);
  database.exec("PRAGMA user_version = 99");
  assert.throws(() => createSqliteOrders(database), /version 99.*SQLITE_PATH/);
  assert.equal(database.prepare("PRAGMA user_version").get()?.["user_version"], 99);
});
