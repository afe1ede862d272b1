import assert from "node:assert/strict";
// @ts-types="../../src/storage/pg.d.ts"
import pg from "pg";
import { DatabaseSync } from "node:sqlite";
import { granted } from "../real/served.ts";
import { openTestOrders } from "./support.ts";
import { ADA, order, wish } from "./order_store_contract.ts";

const ignore = !await granted("net", "run", "read", "write", "env", "sys");

/** What version 1 of SQLite held: no reorders yet. */
const SQLITE_1 = `
  CREATE TABLE people (person INTEGER PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL,
    UNIQUE (issuer, subject)) STRICT;
  CREATE TABLE orders (order_id TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES people,
    restaurant TEXT NOT NULL, items TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('delivered', 'refunded', 'preparing')),
    total_cents INTEGER NOT NULL, placed_at INTEGER NOT NULL, location TEXT NOT NULL) STRICT;
  CREATE INDEX orders_of_person ON orders (person, placed_at DESC, order_id);
  CREATE INDEX restaurants_of_person ON orders (person, restaurant);
  PRAGMA user_version = 1;`;

/** Version 2, as it was when its code was divided into storage and orders. */
const SQLITE_2 = `
  CREATE TABLE people (person INTEGER PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL,
    UNIQUE (issuer, subject)) STRICT;
  CREATE TABLE orders (order_id TEXT NOT NULL UNIQUE, person INTEGER NOT NULL REFERENCES people,
    restaurant TEXT NOT NULL, items TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('delivered', 'refunded', 'preparing')),
    total_cents INTEGER NOT NULL, placed_at INTEGER NOT NULL, location TEXT NOT NULL,
    reorder_of TEXT, idempotency_key TEXT, PRIMARY KEY (person, placed_at, order_id)) STRICT, WITHOUT ROWID;
  CREATE INDEX restaurants_of_person ON orders (person, restaurant);
  CREATE UNIQUE INDEX order_of_key ON orders (person, idempotency_key) WHERE idempotency_key IS NOT NULL;
  PRAGMA user_version = 2;`;

const POSTGRES_1 = `
  CREATE TABLE orders_migrations (version integer PRIMARY KEY);
  CREATE TABLE people (person bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, issuer text NOT NULL,
    subject text NOT NULL, UNIQUE (issuer, subject));
  CREATE TABLE orders (order_id text PRIMARY KEY, person bigint NOT NULL REFERENCES people,
    restaurant text NOT NULL, items jsonb NOT NULL,
    status text NOT NULL CHECK (status IN ('delivered', 'refunded', 'preparing')),
    total_cents integer NOT NULL, placed_at timestamptz NOT NULL, location text NOT NULL,
    reorder_of text, idempotency_key text);
  CREATE INDEX orders_of_person ON orders (person, placed_at, order_id)
    INCLUDE (restaurant, items, status, total_cents, location, reorder_of);
  CREATE INDEX restaurants_of_person ON orders (person, restaurant);
  CREATE UNIQUE INDEX order_of_key ON orders (person, idempotency_key) WHERE idempotency_key IS NOT NULL;
  INSERT INTO orders_migrations VALUES (1);`;

const OLD = [order("newer", 5), order("older", 9, "Fogline")];

/** Ada's two old orders, the newer one placed with a key. */
function rows(time: (ms: number) => string, withKeys: boolean): string {
  const columns = "order_id, person, restaurant, items, status, total_cents, placed_at, location";
  const values = OLD.map((old, index) =>
    `('${old.orderId}', 1, '${old.restaurantName}', '${JSON.stringify(old.items)}', '${old.status}', ` +
    `${old.totalCents}, ${time(old.placedAt)}, '${old.location}'${
      !withKeys ? "" : index === 0 ? ", 'older', 'key'" : ", NULL, NULL"
    })`
  );
  return `INSERT INTO people (issuer, subject) VALUES ('${ADA.issuer}', '${ADA.subject}');
    INSERT INTO orders (${columns}${withKeys ? ", reorder_of, idempotency_key" : ""}) VALUES ${
    values.join(", ")
  };`;
}

/** Everything old is there, an old key is still known, and new orders go beside. */
async function isTakenOver(place: Parameters<typeof openTestOrders>[0], withKeys: boolean): Promise<void> {
  await using opened = await openTestOrders({ ...place, demoOrders: true });
  const { orders } = opened;
  assert.deepEqual(await orders.recent(ADA, 9), OLD);
  assert.deepEqual(await orders.restaurants(ADA), new Set(["Dolores Dough", "Fogline"]));
  const again = await orders.reorder(ADA, wish("older", { key: "key" }));
  if (withKeys) assert.deepEqual(again, { kind: "placed", order: OLD[0] });
  assert.equal((await orders.reorder(ADA, wish("older", { key: "another" }))).kind, "placed");
  assert.equal((await orders.recent(ADA, 9)).length, withKeys ? 3 : 4);
  assert.equal((await orders.recent({ ...ADA, subject: "bob" }, 9)).length, 4, "demo orders");
}

for (
  const { version, schema, withKeys } of [
    { version: 1, schema: SQLITE_1, withKeys: false },
    { version: 2, schema: SQLITE_2, withKeys: true },
  ]
) {
  Deno.test(`an SQLite database of version ${version} is taken over with everything in it (issue 9)`, async () => {
    using database = new DatabaseSync(":memory:");
    database.exec(schema + rows(String, withKeys));
    await isTakenOver({ sqlite: database }, withKeys);
    assert.equal(database.prepare("PRAGMA user_version").get()?.["user_version"], 2);
  });
}

Deno.test({
  name: "a Postgres database of version 1 is taken over with everything in it (issue 9)",
  ignore,
  async fn() {
    const { startPostgres } = await import("./postgres_server.ts");
    await using server = await startPostgres();
    const databaseUrl = await server.createDatabase();
    const pool = new pg.Pool({ connectionString: databaseUrl });
    await pool.query(POSTGRES_1 + rows((ms) => `to_timestamp(${ms / 1000})`, true));
    await isTakenOver({ databaseUrl }, true);
    const { rows: versions } = await pool.query("SELECT version FROM orders_migrations");
    assert.deepEqual(versions, [{ version: 1 }]);
    await pool.end();
  },
});
