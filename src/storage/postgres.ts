// @ts-types="./pg.d.ts"
import pg from "pg";
import { withDeadline } from "../net/deadline.ts";
import { type Database, query, type Schema, type Steps, type Value } from "./database.ts";

/** To wait for a connection, a new one or one of the pool's. */
const CONNECT_MS = 5_000;
/** The database gives up a statement that takes longer; `?statement_timeout=` in the URL overrides it. */
const STATEMENT_MS = 5_000;
/** We give up a connection on which nothing has come back for so long: the other end is gone. */
const SILENCE_MS = 8_000;
/** Longer than the limits above, so that it comes into play only when those fail too. */
const DEADLINE_MS = 10_000;
/** Connections at most, unless `?connection_limit=` in the URL says otherwise. */
const CONNECTIONS = 10;
const ATTEMPTS = 3;
/** Our advisory lock among those that other programs may take in the same database: any number that is ours. */
const LOCK = 7_265_482_019;

/**
 * What another attempt may cure: serialization failure, deadlock, a database that restarts (SQLSTATE 57P01 to
 * 57P03), a connection that was lost.
 */
const PASSING_CODE = /^(40001|40P01|57P0[1-3]|ECONNRESET|EPIPE)$/;
const LOST = /^Connection terminated unexpectedly$|is not queryable$/;

type Run = (sql: string, values?: readonly Value[]) => Promise<unknown[]>;

/**
 * A pool of connections to a Postgres database that any number of processes may share. The first statement connects
 * and brings the schema up to date; while the database is away statements reject, and later ones try again.
 *
 * @param deadlineMs For one statement or transaction, whatever goes wrong.
 * @throws Error when `url` is not a URL.
 */
export function openPostgres(url: string, schema: Schema, deadlineMs = DEADLINE_MS): Database {
  // The parser's own error would quote the password.
  if (!URL.canParse(url)) throw new Error("Cannot use the database: its address is not a URL.");
  const max = Number(new URL(url).searchParams.get("connection_limit")) || CONNECTIONS;
  const pool = new pg.Pool({
    connectionString: url,
    // In a Worker no other request may use a connection, or wait for one.
    ...(globalThis.navigator?.userAgent === "Cloudflare-Workers" ? { max: Infinity, maxUses: 1 } : { max }),
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: SILENCE_MS,
    keepAlive: true,
  });
  // A connection may be lost at any time; whoever uses it then is told by a rejection, and an event without a
  // listener would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));

  const runOnPool: Run = (sql, values) => retrying(() => runOn(pool, sql, values));
  const inTransaction = <T>(work: (run: Run) => Promise<T>): Promise<T> =>
    retrying(async () => {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const result = await work((sql, values) => runOn(client, sql, values));
        await client.query("COMMIT");
        client.release();
        return result;
      } catch (error) {
        // Hanging up rolls back in every case, also where no statement gets through any more.
        client.release(true);
        throw error;
      }
    });

  let migrated: Promise<void> | undefined;
  const whenMigrated = <T>(work: () => Promise<T>): Promise<T> =>
    withDeadline(
      deadlineMs,
      () => new Error(`The database has not answered for ${deadlineMs / 1000} seconds.`),
      async () => {
        await (migrated ??= migrate(schema, runOnPool, inTransaction).catch((error: unknown) => {
          migrated = undefined;
          throw error;
        }));
        return await work();
      },
    );

  return {
    query: <R>(sql: string, values?: readonly Value[]) =>
      whenMigrated(() => runOnPool(sql, values) as Promise<R[]>),
    transaction: (work) => whenMigrated(() => inTransaction((run) => finish(work(query), run))),
    check: () =>
      whenMigrated(async () => {
        const [state] = await runOnPool(`SELECT current_setting('transaction_read_only') AS "on"`);
        if ((state as { on: string }).on !== "off") {
          throw new Error("The database lets nobody write: it is a standby, or set to read-only.");
        }
      }),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

/**
 * Brings the schema up to date; of several processes that start at once, one does it and the others wait. Where it
 * is, nothing is written, so a user without that right will do. A newer schema is used as it is: while a release
 * rolls out, both programs run.
 */
async function migrate(
  { name, postgres }: Schema,
  run: Run,
  inTransaction: (work: (run: Run) => Promise<void>) => Promise<void>,
): Promise<void> {
  const table = `${name}_migrations`;
  const readVersion = async (run: Run) => {
    // Unlike to_regclass, which may answer from a cache, this sees a table that another process has just made.
    const tables = await run(
      "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1",
      [table],
    );
    return tables.length === 0 ? 0 : (await run(`SELECT version FROM ${table}`)).length;
  };
  if (await readVersion(run) >= postgres.length) return;
  await inTransaction(async (run) => {
    // Building an index may take longer than any question.
    await run("SET LOCAL statement_timeout = 0");
    await run("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    const done = await readVersion(run);
    if (done === 0) await run(`CREATE TABLE ${table} (version integer PRIMARY KEY)`);
    for (const [index, migration] of postgres.entries()) {
      if (index < done) continue;
      await run(migration);
      await run(`INSERT INTO ${table} VALUES ($1)`, [index + 1]);
    }
  });
}

async function finish<T>(steps: Steps<T>, run: Run): Promise<T> {
  let step = steps.next();
  while (!step.done) step = steps.next(await run(step.value.sql, step.value.values));
  return step.value;
}

async function runOn(
  client: pg.Queryable,
  sql: string,
  values: readonly Value[] = [],
): Promise<unknown[]> {
  return (await client.query(sql, [...values])).rows;
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
