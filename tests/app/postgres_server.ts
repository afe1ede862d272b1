import { databasesAt } from "./postgres_databases.ts";
import { findPrograms, startDebian } from "./postgres_debian.ts";

/** A Postgres for tests; disposing of it removes what it made. */
export interface TestPostgres extends AsyncDisposable {
  /** Makes an empty database, and resolves with its URL. */
  createDatabase(): Promise<string>;
  /** Kills the server and starts it again; missing where the server is not ours. */
  restart?(): Promise<void>;
}

/**
 * Starts what there is: the server that TEST_DATABASE_URL names, Debian's PostgreSQL, or else PGlite behind a
 * socket. All speak the same wire protocol.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const given = Deno.env.get("TEST_DATABASE_URL");
  if (given) return databasesAt(given);
  const programs = findPrograms();
  if (programs !== undefined) return await startDebian(programs);
  return (await import("./postgres_pglite.ts")).startPglite();
}

/** Whether several processes may connect, which PGlite does not allow. */
export function isRealPostgres(): boolean {
  return Boolean(Deno.env.get("TEST_DATABASE_URL")) || findPrograms() !== undefined;
}
