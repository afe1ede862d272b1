import type { DatabaseSync } from "node:sqlite";

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
];

/**
 * Prepares a connection and brings the schema up to date, whose version is the database's `user_version`.
 *
 * @throws Error when a newer program has been here.
 */
export function migrate(database: DatabaseSync): void {
  // Others may write to the same file; a writer waits for them, and readers wait for nobody.
  database.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON");
  transaction(database, () => {
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > MIGRATIONS.length) {
      throw new Error(
        `Cannot use this database: its orders have version ${version}, this program knows ` +
          `${MIGRATIONS.length}. Start the newer program again, or give this one another SQLITE_PATH.`,
      );
    }
    for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
    confirmVersion(database);
  });
}

/** Writes the version that is current anyway: fails where nothing can be written, and changes nothing. */
export function confirmVersion(database: DatabaseSync): void {
  database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
}

/** Runs `work` as one transaction: all of it happens, or, when it throws, nothing. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
