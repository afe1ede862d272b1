/** The part of the package `pg` that we use; `@types/pg` would bring Node's global types along. */
declare namespace pg {
  interface PoolOptions {
    /** Its query may hold any of these options too, and wins. */
    readonly connectionString: string;
    readonly max?: number;
    /** How often a connection is taken from the pool before it is closed. */
    readonly maxUses?: number;
    /** Milliseconds, as the next two are. */
    readonly connectionTimeoutMillis?: number;
    readonly statement_timeout?: number;
    readonly query_timeout?: number;
    readonly keepAlive?: boolean;
  }

  interface Queryable {
    /** Without values several statements may be sent at once. */
    query(sql: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
    on(event: "error", listener: (error: Error) => void): void;
  }

  interface PoolClient extends Queryable {
    /** Gives the connection back to the pool, or hangs up. */
    release(hangUp?: boolean): void;
  }

  class Pool implements Queryable {
    constructor(options: PoolOptions);
    query: Queryable["query"];
    on(event: "error", listener: (error: Error) => void): void;
    on(event: "connect", listener: (client: PoolClient) => void): void;
    connect(): Promise<PoolClient>;
    end(): Promise<void>;
  }
}

export default pg;
