// @ts-types="./pg.d.ts"
import pg from "pg";

/** To wait for a connection, a new one or one of the pool's. */
const CONNECT_MS = 5_000;
/** The database gives up a statement that takes longer; `?statement_timeout=` in the URL overrides it. */
const STATEMENT_MS = 5_000;
/** We give up a connection on which nothing has come back for so long: the other end is gone. */
const SILENCE_MS = 8_000;
/** Connections at most, unless `?connection_limit=` in the URL says otherwise. */
const CONNECTIONS = 10;
const ATTEMPTS = 3;

/**
 * What another attempt may cure: serialization failure, deadlock, a database that restarts (SQLSTATE 57P01 to
 * 57P03), a connection that was lost.
 */
const PASSING_CODE = /^(40001|40P01|57P0[1-3]|ECONNRESET|EPIPE)$/;
const LOST = /^Connection terminated unexpectedly$|is not queryable$/;

/** Asks one question; values take the places of `$1`, `$2`, … */
export type Ask = <R>(sql: string, values?: readonly unknown[]) => Promise<R[]>;

/** A Postgres database as the stores use it. */
export interface Postgres extends AsyncDisposable {
  readonly ask: Ask;
  /** Runs `work` as one transaction: all of it happens, or, when it rejects, nothing. It may be run again. */
  transaction<T>(work: (ask: Ask) => Promise<T>): Promise<T>;
}

/**
 * A pool of connections that connects when first asked, and again after every loss.
 *
 * @param url `postgres://user:password@host/database?sslmode=verify-full`
 */
export function connectPostgres(url: string): Postgres {
  const limit = new URL(url).searchParams.get("connection_limit");
  const pool = new pg.Pool({
    connectionString: url,
    max: Number(limit) || CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: SILENCE_MS,
    keepAlive: true,
  });
  // A connection may be lost at any time; whoever uses it then is told by a rejection, and an event without a
  // listener would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));

  return {
    ask: (sql, values) => retrying(() => askOn(pool, sql, values)),
    transaction: (work) =>
      retrying(async () => {
        const client = await pool.connect();
        try {
          await client.query("BEGIN");
          const result = await work((sql, values) => askOn(client, sql, values));
          await client.query("COMMIT");
          client.release();
          return result;
        } catch (error) {
          // Hanging up rolls back in every case, also where no statement gets through any more.
          client.release(true);
          throw error;
        }
      }),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

async function askOn<R>(
  client: pg.Queryable,
  sql: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  const { rows } = await client.query(sql, [...values]);
  return rows as R[];
}

async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
    }
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return LOST.test(error.message) || ("code" in error && PASSING_CODE.test(String(error.code)));
}
