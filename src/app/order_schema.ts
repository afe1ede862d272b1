import type { Schema } from "mcp-app/storage";

/** The tables of people and their orders. */
export const ORDER_SCHEMA: Schema = {
  name: "orders",
  sqlite: [
    `CREATE TABLE people (
       person INTEGER PRIMARY KEY,
       issuer TEXT NOT NULL,
       subject TEXT NOT NULL,
       UNIQUE (issuer, subject)
     ) STRICT;
     CREATE TABLE orders (
       order_id TEXT PRIMARY KEY,
       person INTEGER NOT NULL REFERENCES people,
       restaurant TEXT NOT NULL,
       items TEXT NOT NULL,
       status TEXT NOT NULL CHECK (status IN ('delivered', 'refunded', 'preparing')),
       total_cents INTEGER NOT NULL,
       placed_at INTEGER NOT NULL,
       location TEXT NOT NULL
     ) STRICT;
     CREATE INDEX orders_of_person ON orders (person, placed_at DESC, order_id);
     CREATE INDEX restaurants_of_person ON orders (person, restaurant);`,
    // The primary key keeps the orders of a person together on disk, so a page of them is one place to read.
    `CREATE TABLE orders_by_person (
       order_id TEXT NOT NULL UNIQUE,
       person INTEGER NOT NULL REFERENCES people,
       restaurant TEXT NOT NULL,
       items TEXT NOT NULL,
       status TEXT NOT NULL CHECK (status IN ('delivered', 'refunded', 'preparing')),
       total_cents INTEGER NOT NULL,
       placed_at INTEGER NOT NULL,
       location TEXT NOT NULL,
       reorder_of TEXT,
       idempotency_key TEXT,
       PRIMARY KEY (person, placed_at, order_id)
     ) STRICT, WITHOUT ROWID;
     INSERT INTO orders_by_person
       SELECT order_id, person, restaurant, items, status, total_cents, placed_at, location, NULL, NULL FROM orders;
     DROP TABLE orders;
     ALTER TABLE orders_by_person RENAME TO orders;
     CREATE INDEX restaurants_of_person ON orders (person, restaurant);
     CREATE UNIQUE INDEX order_of_key ON orders (person, idempotency_key) WHERE idempotency_key IS NOT NULL;`,
  ],
  postgres: [
    `CREATE TABLE people (
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
  ],
};
