import { ToolError } from "mcp-app";
import type { DatabaseSync } from "node:sqlite";
import { openStorage } from "mcp-app/storage";
import { createOrderStore } from "./order_store.ts";
import { ORDER_SCHEMA } from "./order_schema.ts";
import type { OrderStore } from "./orders.ts";
import { createDemoOrders, withDemoOrders } from "./orders_demo.ts";

/** Where orders may be kept, the first that is given is taken. */
export interface OrdersOptions {
  /** A Postgres database. */
  readonly databaseUrl?: string | undefined;
  /** Path of an SQLite file, `:memory:`, or an open database, which stays the caller's to close. */
  readonly sqlite?: string | DatabaseSync | undefined;
  /** Give everyone who is new a few orders to look at. */
  readonly demoOrders: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomUUID: () => string;
  /** Told why the storage failed. */
  readonly onFailure: (cause: string) => void;
  /** Waits so many milliseconds for another program's lock. */
  readonly wait?: (ms: number) => Promise<void>;
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
const OUTAGE = "Orders cannot be reached right now, for a reason on our side. Try again in a moment.";

/**
 * Opens the orders wherever they are kept.
 *
 * @throws Error when the SQLite database cannot be used.
 */
export async function openOrders(options: OrdersOptions): Promise<OpenOrders> {
  const { databaseUrl, sqlite, now } = options;
  if (databaseUrl === undefined && sqlite === undefined) {
    return {
      orders: createDemoOrders(READ_ONLY, now),
      ready: () => Promise.resolve(READ_ONLY),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const database = await openStorage({
    ...options,
    schema: ORDER_SCHEMA,
    outage: () => new ToolError(OUTAGE),
  });
  const store = createOrderStore(database);
  return {
    orders: options.demoOrders ? withDemoOrders(store, options) : store,
    async ready() {
      await database.check();
      return undefined;
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
