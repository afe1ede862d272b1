import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openOrders } from "../../src/app/open_orders.ts";
import { ADA, order, wish } from "./order_store_contract.ts";
import { NOW, openTestOrders } from "./support.ts";

const IN_WORDS = { name: "ToolError", message: /^Orders cannot be reached right now.*Try again/ };

/** Ada has an order in an SQLite database, which then fails in some way, and later no more. */
async function sqlite() {
  const database = new DatabaseSync(":memory:");
  const causes: string[] = [];
  const clock = { now: NOW };
  const { orders, ready } = await openTestOrders({
    sqlite: database,
    demoOrders: false,
    now: () => clock.now,
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
  await assert.rejects(ready, /^Error: The database cannot be used right now: the log says why/);
  assert.equal((await orders.recent(ADA, 5)).length, 1);
  assert.match(
    causes.join("\n"),
    /^ERR_SQLITE_ERROR: .*readonly.*\nThe last write failed: the disk is .*read-only/,
  );

  database.exec("PRAGMA query_only = OFF");
  clock.now += 10_000;
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

Deno.test("without a database everyone sees demo orders, and is told what to attach to order more", async () => {
  const { orders, ready } = await openOrders({
    demoOrders: true,
    now: () => NOW,
    randomUUID: () => crypto.randomUUID(),
    onFailure: assert.fail,
  });
  assert.equal((await orders.recent(ADA, 20)).length, 4);
  assert.match(String(await ready()), /attach a Postgres database.*DATABASE_URL/);
  assert.equal(orders.readOnly, await ready());
});

Deno.test("a database of a newer version is left alone, and the error says what to do", async () => {
  const database = new DatabaseSync(":memory:");
  await openTestOrders({ sqlite: database });
  database.exec("PRAGMA user_version = 99");
  await assert.rejects(openTestOrders({ sqlite: database }), /version 99.*newer program.*another file/);
  assert.equal(database.prepare("PRAGMA user_version").get()?.["user_version"], 99);
});
