import { DatabaseSync } from "node:sqlite";
// @ts-types="../../../src/storage/pg.d.ts"
import pg from "pg";
import type { OrderStore } from "../../../src/app/orders.ts";
import { ISSUER, openTestOrders } from "../support.ts";

/** What both kinds of storage do for the benchmark, each in its own SQL. */
export interface Place {
  readonly store: OrderStore;
  /** Makes that many people, `person-0` and so on, who order in turn over the years until everyone has `each`. */
  fill(people: number, each: number): Promise<void>;
  /** How the database answers for a page of one person, in its own words. */
  explain(): Promise<string>;
  close(): Promise<void>;
}

const FIRST_ORDER_MS = Date.UTC(2020, 0);
const BETWEEN_ORDERS_MS = 200_000;
const COLUMNS = "order_id, person, restaurant, items, status, total_cents, placed_at, location";
const PAGE = "FROM orders WHERE person = 7 ORDER BY placed_at DESC, order_id DESC LIMIT 21";

/** @param address A path for SQLite, or a `postgres:` URL. */
export function openPlace(address: string): Promise<Place> {
  return address.startsWith("postgres:") ? openPostgres(address) : openSqlite(address);
}

async function openSqlite(path: string): Promise<Place> {
  const database = new DatabaseSync(path);
  const { orders: store } = await openTestOrders({ sqlite: database, demoOrders: false });
  return {
    store,
    fill(people, each) {
      const count = (limit: number) =>
        `WITH RECURSIVE series (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM series LIMIT ${limit})`;
      database.exec("BEGIN");
      database.exec(
        `INSERT INTO people ${count(people)} SELECT i + 1, '${ISSUER}', 'person-' || i FROM series`,
      );
      database.exec(`INSERT INTO orders (${COLUMNS}) ${count(people * each)}
        SELECT lower(hex(randomblob(16))), i % ${people} + 1, 'Place ' || i / ${people} % 12,
          '["Margherita","Lemonade"]', 'delivered', 2500 + i % 1000,
          ${FIRST_ORDER_MS} + i * ${BETWEEN_ORDERS_MS}, '18th Street' FROM series`);
      database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
      return Promise.resolve();
    },
    explain() {
      const steps = database.prepare(`EXPLAIN QUERY PLAN SELECT order_id, status ${PAGE}`).all();
      return Promise.resolve(steps.map(({ detail }) => String(detail)).join("\n"));
    },
    close: () => Promise.resolve(database.close()),
  };
}

async function openPostgres(url: string): Promise<Place> {
  const opened = await openTestOrders({ databaseUrl: url, demoOrders: false });
  const store = opened.orders;
  const postgres = new pg.Pool({ connectionString: url });
  return {
    store,
    async fill(people, each) {
      await opened.ready();
      await postgres.query(`INSERT INTO people (issuer, subject)
        SELECT '${ISSUER}', 'person-' || i FROM generate_series(0, ${people - 1}) i`);
      await postgres.query(`INSERT INTO orders (${COLUMNS})
        SELECT gen_random_uuid(), i % ${people} + 1, 'Place ' || i / ${people} % 12,
          '["Margherita", "Lemonade"]', 'delivered', 2500 + i % 1000,
          to_timestamp((${FIRST_ORDER_MS} + i::bigint * ${BETWEEN_ORDERS_MS}) / 1000.0), '18th Street'
        FROM generate_series(0, ${people * each - 1}) i`);
      await postgres.query("VACUUM ANALYZE");
    },
    async explain() {
      const { rows } = await postgres.query(`EXPLAIN SELECT order_id, status ${PAGE}`);
      return (rows as Record<string, string>[]).map((step) => step["QUERY PLAN"]).join("\n");
    },
    async close() {
      await postgres.end();
      await opened[Symbol.asyncDispose]();
    },
  };
}
