import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Database, query, type Schema, type Steps, type Value } from "./database.ts";

/** We wait so long for another program's lock on the file, in pauses that grow to this. */
const LOCK_MS = 5_000;
const LONGEST_PAUSE_MS = 100;

/** A result code of SQLite: https://www.sqlite.org/rescode.html */
const BUSY = 5;

type Wait = (ms: number) => Promise<void>;
const realWait: Wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Opens an SQLite database in WAL mode, where readers and writers do not wait for each other. Nothing here blocks the
 * event loop for another program's lock: a statement that meets one is tried again after a pause, for 5 seconds.
 *
 * @param place A path, `:memory:`, or an open database, which stays the caller's to close.
 * @throws Error when it cannot be opened or written, or a newer program has been here.
 */
export async function openSqlite(
  place: string | DatabaseSync,
  schema: Schema,
  { wait = realWait }: { readonly wait?: Wait | undefined },
): Promise<Database> {
  const database = typeof place === "string" ? await openFile(place) : place;
  const prepared = new Map<string, StatementSync>();

  function prepare(sql: string): StatementSync {
    let statement = prepared.get(sql);
    if (!statement) {
      statement = database.prepare(sql.replace(/\$(\d+)/g, "?$1").replace(/\bFOR UPDATE\b/g, ""));
      prepared.set(sql, statement);
    }
    return statement;
  }

  const run = (sql: string, values: readonly Value[] = []): unknown[] =>
    prepare(sql).all(...values.map(toSqlite));

  async function patiently<T>(work: () => T): Promise<T> {
    for (let waited = 0, pause = 5;; waited += pause, pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return work();
      } catch (error) {
        if (resultCode(error) !== BUSY || waited >= LOCK_MS) throw error;
      }
      await wait(pause);
    }
  }

  function inTransaction<T>(work: () => T): T {
    run("BEGIN IMMEDIATE");
    try {
      const result = work();
      run("COMMIT");
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (database.isTransaction) run("ROLLBACK");
      throw error;
    }
  }

  function migrate(): void {
    const version = versionOf(run);
    if (version > schema.sqlite.length) {
      throw new Error(
        `its ${schema.name} have version ${version}, this program knows ${schema.sqlite.length}. ` +
          "Start the newer program again, or give this one another file",
      );
    }
    if (version === schema.sqlite.length) return;
    for (const migration of schema.sqlite.slice(version)) database.exec(migration);
    run(`PRAGMA user_version = ${schema.sqlite.length}`);
  }

  try {
    for (const setting of ["busy_timeout = 0", "journal_mode = WAL", "foreign_keys = ON"]) {
      await patiently(() => run(`PRAGMA ${setting}`));
    }
    // Where nothing is to be done nothing is written, so a disk that is read-only can still be read.
    if (await patiently(() => versionOf(run)) !== schema.sqlite.length) {
      await patiently(() => inTransaction(migrate));
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem = `Cannot use the database ${database.location() ?? "in memory"}: ${reason}.`;
    if (database !== place) database.close();
    throw new Error(problem, { cause: error });
  }

  return {
    query: <R>(sql: string, values?: readonly Value[]) => patiently(() => run(sql, values) as R[]),
    transaction: (work) => patiently(() => inTransaction(() => finish(work(query), run))),
    async check() {
      await patiently(() => versionOf(run));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(database === place ? undefined : database.close()),
  };
}

/** Opens a file, in a folder that is made when missing. */
export async function openFile(path: string): Promise<DatabaseSync> {
  // Loaded here, because some runtimes do not have it.
  const { DatabaseSync } = await import("node:sqlite").catch(() => {
    throw new Error("SQLite is not part of this runtime: set DATABASE_URL to a Postgres database.");
  });
  try {
    return new DatabaseSync(path);
  } catch {
    // The error has no code that tells a missing folder from the rest; the second attempt tells what else is wrong.
    // Loaded only where there is no folder yet, since it is a sixth of the whole start.
    const { mkdir } = await import("node:fs/promises");
    await mkdir(path.replace(/[^/\\]*$/, "") || ".", { recursive: true });
    return new DatabaseSync(path);
  }
}

/** Runs the steps without a pause. */
function finish<T>(steps: Steps<T>, run: (sql: string, values: readonly Value[]) => unknown[]): T {
  let step = steps.next();
  while (!step.done) step = steps.next(run(step.value.sql, step.value.values));
  return step.value;
}

function versionOf(run: (sql: string) => unknown[]): number {
  const [row] = run("PRAGMA user_version") as { user_version: number }[];
  return row!.user_version;
}

function toSqlite(value: Value): string | number | bigint | Uint8Array | null {
  if (value === undefined) return null;
  if (value instanceof Date) return value.getTime();
  return typeof value === "boolean" ? Number(value) : value;
}

/** The primary result code, or 0. */
function resultCode(error: unknown): number {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
}
