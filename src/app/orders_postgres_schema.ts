import type { Ask, Postgres } from "../storage/postgres.ts";

/** Each entry brings the schema one version further; entries are only ever added. */
const MIGRATIONS = [
  `CREATE TABLE orders_migrations (version integer PRIMARY KEY);
   CREATE TABLE people (
     person bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     issuer text NOT NULL,
     subject text NOT NULL,
     UNIQUE (issuer, subject)
   );
   CREATE TABLE orders (
     order_id text PRIMARY KEY,
     person bigint NOT NULL REFERENCES people,
     restaurant text NOT NULL,
     items jsonb NOT NULL,
     status text NOT NULL CHECK (status IN ('delivered', 'refunded', 'preparing')),
     total_cents integer NOT NULL,
     placed_at timestamptz NOT NULL,
     location text NOT NULL,
     reorder_of text,
     idempotency_key text
   );
   -- Whole orders, so that a page of them is read from one place; they may be 2.7 kB long.
   CREATE INDEX orders_of_person ON orders (person, placed_at, order_id)
     INCLUDE (restaurant, items, status, total_cents, location, reorder_of);
   CREATE INDEX restaurants_of_person ON orders (person, restaurant);
   CREATE UNIQUE INDEX order_of_key ON orders (person, idempotency_key) WHERE idempotency_key IS NOT NULL;`,
];

/** Our advisory lock among those that other programs may take in the same database: any number that is ours. */
const LOCK = 7_265_482_019;

/**
 * Brings the schema up to date; of several processes that start at once, one does it and the others wait. Where it
 * is, nothing is written, so a user without that right will do. A newer schema is used as it is: while a release
 * rolls out, both programs run.
 */
export async function migrate({ ask, transaction }: Pick<Postgres, "ask" | "transaction">): Promise<void> {
  if (await readVersion(ask) >= MIGRATIONS.length) return;
  await transaction(async (ask) => {
    // Building an index may take longer than any question.
    await ask("SET LOCAL statement_timeout = 0");
    await ask("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    const done = await readVersion(ask);
    for (const [index, migration] of MIGRATIONS.entries()) {
      if (index < done) continue;
      await ask(migration);
      await ask("INSERT INTO orders_migrations VALUES ($1)", [index + 1]);
    }
  });
}

async function readVersion(ask: Ask): Promise<number> {
  // Unlike to_regclass, which may answer from a cache, this sees a table that another process has just made.
  const tables = await ask(
    "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'orders_migrations'",
  );
  return tables.length === 0 ? 0 : (await ask("SELECT version FROM orders_migrations")).length;
}
