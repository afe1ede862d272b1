import type { DatabaseSync } from "node:sqlite";
import type { Database, Schema, Value } from "./database.ts";

export type { Database, Query, Schema, Statement, Steps, Value } from "./database.ts";

/** Which database to open, and who is told when it fails. */
export interface StorageOptions {
  /** `postgres://user:password@host/database?sslmode=verify-full`; wins over `sqlite`. */
  readonly databaseUrl?: string | undefined;
  /** Path of an SQLite file, which is made when missing, `:memory:`, or an open database, which stays the caller's. */
  readonly sqlite?: string | DatabaseSync | undefined;
  readonly schema: Schema;
  /** Makes the error that callers get in the place of the database's. */
  readonly outage: () => Error;
  /** Gets the cause for the operator: code and message only, because a database's details may quote what people stored. */
  readonly onFailure: (cause: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits so many milliseconds for another program's lock. */
  readonly wait?: (ms: number) => Promise<void>;
  /** Sees every statement and transaction. */
  readonly observe?: ObserveDatabase | undefined;
}

/** Wraps a database, to see what is asked of it. @param system Such as "sqlite". */
export type ObserveDatabase = (database: Database, system: "sqlite" | "postgresql") => Database;

/** Anybody may ask whether the server is ready, which must not become work for the database. */
const CHECK_EVERY_MS = 1_000;
/** For so long after a write failed because of the disk the database does not count as usable. */
const DISK_FAILURE_MS = 10_000;
/** SQLite: read-only, input/output error, full, cannot open. Postgres: full, input/output error. */
const DISK_FAILURES: readonly unknown[] = [8, 10, 13, 14, "53100", "58030"];

/**
 * Opens a database and brings its schema up to date; SQL that both kinds understand runs on either (`FOR UPDATE` is
 * left out for SQLite, whose transactions lock the whole file). SQLite is ready when this resolves. Postgres connects
 * with the first statement and after every loss, so that its absence is no reason not to start.
 *
 * @throws Error when SQLite cannot be used, or neither database is named.
 */
export async function openStorage(options: StorageOptions): Promise<Database> {
  const database = watch(await open(options), options);
  return options.observe?.(database, options.databaseUrl === undefined ? "sqlite" : "postgresql") ?? database;
}

async function open(options: StorageOptions): Promise<Database> {
  const { databaseUrl, sqlite, schema } = options;
  if (databaseUrl !== undefined) return (await import("./postgres.ts")).openPostgres(databaseUrl, schema);
  if (sqlite !== undefined) return await (await import("./sqlite.ts")).openSqlite(sqlite, schema, options);
  throw new Error("Cannot open the storage: set DATABASE_URL, or SQLITE_PATH where the runtime has SQLite.");
}

/** Turns what the database fails with into the caller's error, and tells `onFailure` why. */
function watch(
  database: Database,
  { outage, onFailure, now }: Pick<StorageOptions, "outage" | "onFailure" | "now">,
): Database {
  let diskFailedAt = -Infinity;
  function fail(error: unknown, inWords: Error): never {
    if (DISK_FAILURES.includes(codeOf(error))) diskFailedAt = now();
    onFailure(causeOf(error));
    throw inWords;
  }
  async function check(): Promise<void> {
    await database.check();
    if (now() - diskFailedAt < DISK_FAILURE_MS) {
      throw new Error("The last write failed: the disk is full, read-only or broken.");
    }
  }
  let checked: { readonly at: number; readonly answer: Promise<void> } | undefined;
  return {
    async query<R>(sql: string, values?: readonly Value[]) {
      try {
        return await database.query<R>(sql, values);
      } catch (error) {
        return fail(error, outage());
      }
    },
    async transaction(work) {
      let thrown: unknown;
      try {
        return await database.transaction(function* (query) {
          try {
            return yield* work(query);
          } catch (error) {
            thrown = error;
            throw error;
          }
        });
      } catch (error) {
        // The database's errors end the transaction without coming by here: this one is the work's own.
        if (error === thrown) throw error;
        return fail(error, outage());
      }
    },
    check() {
      if (!checked || now() - checked.at >= CHECK_EVERY_MS) {
        const answer = check().catch((error) =>
          fail(error, new Error("The database cannot be used right now: the log says why."))
        );
        checked = { at: now(), answer };
      }
      return checked.answer;
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** SQLite's primary result code, or the code of Postgres: a SQLSTATE. */
function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  if ("errcode" in error) return Number(error.errcode) & 0xff;
  return "code" in error ? error.code : undefined;
}

/** Such as "ECONNREFUSED: connect ECONNREFUSED 10.0.0.7:5432". */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return [code, error.message].filter(Boolean).join(": ") || error.name;
}
