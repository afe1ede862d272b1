/** What a statement may hold. A Date is a `timestamptz` in Postgres and milliseconds since the epoch in SQLite. */
export type Value = string | number | bigint | boolean | Date | Uint8Array | null | undefined;

/** One statement; `$1`, `$2`, … in its SQL stand for the values. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** What a transaction does: yields statements (by `yield* query(…)`) and gets their rows. */
export type Steps<T> = Generator<Statement, T, unknown[]>;

/** Runs one statement of a transaction. `R` describes the rows; nothing checks it. */
export type Query = <R>(sql: string, values?: readonly Value[]) => Steps<R[]>;

/** A database of either kind. The SQL should come from constants: each text is prepared once and kept. */
export interface Database extends AsyncDisposable {
  /** Runs one statement. `R` describes its rows; nothing checks it. */
  query<R>(sql: string, values?: readonly Value[]): Promise<R[]>;
  /**
   * Runs `work` as one transaction: all of it happens, or, when it throws, nothing. It may be run again.
   *
   * It is a generator because it can then wait for nothing but its own statements. SQLite runs it in one go, so no
   * other request sees it half done or waits for it.
   */
  transaction<T>(work: (query: Query) => Steps<T>): Promise<T>;
  /** Rejects with the reason when the database cannot be used now. Writes nothing. */
  check(): Promise<void>;
}

/** The tables of an app. */
export interface Schema {
  /** Of the app among others in the same Postgres database, whose table `${name}_migrations` counts its versions. */
  readonly name: string;
  /** Each entry brings the schema one version further; entries are only ever added. */
  readonly sqlite: readonly string[];
  readonly postgres: readonly string[];
}

/** The `query` that every transaction is given. */
export const query: Query = function* <R>(sql: string, values: readonly Value[] = []): Steps<R[]> {
  return (yield { sql, values }) as R[];
};
