import type { DatabaseSync } from "node:sqlite";
import type { OrderStore, Owner, StoredOrder } from "./orders.ts";

/** Each entry brings the schema one version further; entries are only ever added. */
const MIGRATIONS = [
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
];

/** Keeps orders in an open SQLite database, whose schema it brings up to date first. */
export function createSqliteOrders(database: DatabaseSync): OrderStore {
  migrate(database);
  const known = database.prepare("SELECT 1 FROM people WHERE issuer = ? AND subject = ?");
  const addPerson = database.prepare(
    "INSERT INTO people (issuer, subject) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  const addOrder = database.prepare(
    `INSERT INTO orders (order_id, person, restaurant, items, status, total_cents, placed_at, location)
     SELECT ?, person, ?, ?, ?, ?, ?, ? FROM people WHERE issuer = ? AND subject = ?`,
  );
  const recent = database.prepare(
    `SELECT order_id, restaurant, items, status, total_cents, placed_at, location
     FROM orders WHERE person = (SELECT person FROM people WHERE issuer = ? AND subject = ?)
     ORDER BY placed_at DESC, order_id LIMIT ?`,
  );
  const restaurants = database.prepare(
    `SELECT DISTINCT restaurant FROM orders
     WHERE person = (SELECT person FROM people WHERE issuer = ? AND subject = ?)`,
  );

  return {
    recent: async ({ issuer, subject }, limit) => await recent.all(issuer, subject, limit).map(fromRow),
    restaurants: async ({ issuer, subject }) =>
      await new Set(restaurants.all(issuer, subject).map(({ restaurant }) => String(restaurant))),
    welcome: async (owner, orders) => {
      if (known.get(owner.issuer, owner.subject)) return;
      await transaction(database, () => {
        if (addPerson.run(owner.issuer, owner.subject).changes === 0) return;
        for (const order of orders()) insert(owner, order);
      });
    },
  };

  function insert({ issuer, subject }: Owner, order: StoredOrder): void {
    const { orderId, restaurantName, items, status, totalCents, placedAt, location } = order;
    const values = [restaurantName, JSON.stringify(items), status, totalCents, placedAt, location];
    addOrder.run(orderId, ...values, issuer, subject);
  }
}

function fromRow(row: Record<string, unknown>): StoredOrder {
  return {
    orderId: String(row["order_id"]),
    restaurantName: String(row["restaurant"]),
    items: JSON.parse(String(row["items"])),
    status: row["status"] as StoredOrder["status"],
    totalCents: Number(row["total_cents"]),
    placedAt: Number(row["placed_at"]),
    location: String(row["location"]),
  };
}

function migrate(database: DatabaseSync): void {
  database.exec("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON");
  transaction(database, () => {
    const version = Number(database.prepare("PRAGMA user_version").get()!["user_version"]);
    for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

function transaction(database: DatabaseSync, run: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    run();
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
