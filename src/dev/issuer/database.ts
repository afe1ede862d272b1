import type { DatabaseSync } from "node:sqlite";

/** Later entries change the tables of earlier ones: never edit a released one, add another. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE dev_keys (
    kid TEXT PRIMARY KEY, alg TEXT NOT NULL, private_jwk TEXT NOT NULL, created_at INTEGER NOT NULL, retired_at INTEGER
  ) STRICT;
  CREATE TABLE dev_clients (
    id TEXT PRIMARY KEY, metadata TEXT NOT NULL, metadata_hash TEXT UNIQUE, secret_hash TEXT,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX dev_clients_expiry ON dev_clients (expires_at);
  CREATE TABLE dev_requests (
    id TEXT PRIMARY KEY, browser_hash TEXT NOT NULL, csrf_hash TEXT NOT NULL, request TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX dev_requests_expiry ON dev_requests (expires_at);
  CREATE TABLE dev_grants (id TEXT PRIMARY KEY, body TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT;
  CREATE INDEX dev_grants_expiry ON dev_grants (expires_at);
  CREATE TABLE dev_codes (
    hash TEXT PRIMARY KEY, grant_id TEXT NOT NULL REFERENCES dev_grants ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL, code_challenge TEXT NOT NULL, expires_at INTEGER NOT NULL, redeemed_at INTEGER
  ) STRICT;
  CREATE INDEX dev_codes_grant ON dev_codes (grant_id);
  CREATE TABLE dev_refresh_tokens (
    hash TEXT PRIMARY KEY, grant_id TEXT NOT NULL REFERENCES dev_grants ON DELETE CASCADE,
    expires_at INTEGER NOT NULL, rotated_at INTEGER
  ) STRICT;
  CREATE INDEX dev_refresh_tokens_grant ON dev_refresh_tokens (grant_id);
  CREATE INDEX dev_refresh_tokens_expiry ON dev_refresh_tokens (expires_at);
  CREATE TABLE dev_assertions (hash TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT;
  CREATE INDEX dev_assertions_expiry ON dev_assertions (expires_at);
`,
  `
  ALTER TABLE dev_grants ADD COLUMN client_id TEXT GENERATED ALWAYS AS (body ->> '$.clientId') VIRTUAL;
  CREATE INDEX dev_grants_client ON dev_grants (client_id);
`,
];

/**
 * Brings the issuer's `dev_` tables up to date. They can share a database with others: the version is kept in a table
 * of its own, not in `user_version`. All times in them are milliseconds since the epoch.
 */
export function migrate(database: DatabaseSync): void {
  // A server that restarts may overlap with its predecessor; revoking a grant must delete its codes and tokens too.
  database.exec("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON");
  transaction(database, () => {
    database.exec("CREATE TABLE IF NOT EXISTS dev_migrations (version INTEGER PRIMARY KEY) STRICT");
    const done = Number(database.prepare("SELECT count(*) AS done FROM dev_migrations").get()?.done);
    MIGRATIONS.slice(done).forEach((sql, index) => {
      database.exec(sql);
      database.prepare("INSERT INTO dev_migrations (version) VALUES (?)").run(done + index + 1);
    });
  });
  // From now on waiting would make every other request wait, too.
  database.exec("PRAGMA busy_timeout = 100");
}

/** Runs `work` as one transaction: all of it happens, or, when it throws, nothing. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (cause) {
    // A full disk makes SQLite roll back by itself.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw cause;
  }
}

/** SQLITE_BUSY: another program holds a lock (https://www.sqlite.org/rescode.html#busy). */
const BUSY = 5;

/** Whether a statement has failed because another program holds a lock on the database. */
export function isLocked(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === BUSY;
}
