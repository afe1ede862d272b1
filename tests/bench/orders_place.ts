import { DatabaseSync } from "node:sqlite";
import type { OrderStore } from "../../src/app/orders.ts";
import { createPostgresOrders } from "../../src/app/orders_postgres.ts";
import { createSqliteOrders } from "../../src/app/orders_sqlite.ts";
import { connectPostgres } from "../../src/storage/postgres.ts";
import { ISSUER } from "../support.ts";

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
export function openPlace(address: string): Place {
  return address.startsWith("postgres:") ? openPostgres(address) : openSqlite(address);
}

function openSqlite(path: string): Place {
  const database = new DatabaseSync(path);
  const store = createSqliteOrders(database);
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

function openPostgres(url: string): Place {
  const store = createPostgresOrders(url);
  const postgres = connectPostgres(`${url}?statement_timeout=0&query_timeout=600000`);
  return {
    store,
    async fill(people, each) {
      await store.check();
      await postgres.ask(`INSERT INTO people (issuer, subject)
        SELECT '${ISSUER}', 'person-' || i FROM generate_series(0, ${people - 1}) i`);
      await postgres.ask(`INSERT INTO orders (${COLUMNS})
        SELECT gen_random_uuid(), i % ${people} + 1, 'Place ' || i / ${people} % 12,
          '["Margherita", "Lemonade"]', 'delivered', 2500 + i % 1000,
          to_timestamp((${FIRST_ORDER_MS} + i::bigint * ${BETWEEN_ORDERS_MS}) / 1000.0), '18th Street'
        FROM generate_series(0, ${people * each - 1}) i`);
      await postgres.ask("VACUUM ANALYZE");
    },
    async explain() {
      const steps = await postgres.ask<Record<string, string>>(`EXPLAIN SELECT order_id, status ${PAGE}`);
      return steps.map((step) => step["QUERY PLAN"]).join("\n");
    },
    async close() {
      await postgres[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}
