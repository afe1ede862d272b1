import type { DatabaseSync } from "node:sqlite";
import { type OrderStore, withDemoOrders } from "./orders.ts";
import { createDemoOrders } from "./orders_demo.ts";
import { withOutageWords } from "./orders_outage.ts";
import { createSqliteOrders } from "./orders_sqlite.ts";

/** Where orders may be kept, the first that is given is taken. */
export interface OrdersOptions {
  /** A Postgres database. */
  readonly databaseUrl: string | undefined;
  /** An open SQLite database, which stays the caller's to close. */
  readonly database: DatabaseSync | undefined;
  /** Give everyone who is new a few orders to look at. */
  readonly demoOrders: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomUUID: () => string;
  /** Told why the storage failed. */
  readonly onFailure: (cause: string) => void;
}

/** The orders, ready for use; disposing of them ends their connections. */
export interface OpenOrders extends AsyncDisposable {
  readonly orders: OrderStore;
  /** For `/ready`: a note in words or nothing when all is well; rejects with the reason when it is not. */
  readonly ready: () => Promise<string | undefined>;
}

const READ_ONLY =
  "This server shows demo orders only: it has no database to keep new ones in. Its operator can " +
  "attach a Postgres database, or set DATABASE_URL.";
/** A check writes, and anybody may ask for one. */
const CHECK_EVERY_MS = 1_000;

/**
 * Opens the orders wherever they are kept. A database that is away is no reason not to start.
 *
 * @throws Error when the SQLite database cannot be used.
 */
export async function openOrders(options: OrdersOptions): Promise<OpenOrders> {
  const { databaseUrl, database, now } = options;
  const store: OrderStore & Partial<AsyncDisposable> | undefined = databaseUrl === undefined
    ? database && createSqliteOrders(database)
    : (await import("./orders_postgres.ts")).createPostgresOrders(databaseUrl);
  if (!store) {
    const orders = createDemoOrders(READ_ONLY, now);
    return {
      orders,
      ready: () => Promise.resolve(READ_ONLY),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const safe = withOutageWords(store, options);
  return {
    orders: options.demoOrders ? withDemoOrders(safe, options) : safe,
    ready: atMostEvery(CHECK_EVERY_MS, now, async () => {
      await safe.check();
      return undefined;
    }),
    [Symbol.asyncDispose]: async () => await store[Symbol.asyncDispose]?.(),
  };
}

/** Answers with the last outcome until it is that old. */
function atMostEvery<T>(ms: number, now: () => number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (!last || now() - last.at >= ms) last = { at: now(), answer: ask() };
    return last.answer;
  };
}
