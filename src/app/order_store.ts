import type { Database } from "mcp-app/storage";
import { type OrderStore, SAME_ORDER_MS, type StoredOrder } from "./orders.ts";

/** An order as both databases give it back. */
interface OrderRow extends Omit<StoredOrder, "items" | "placedAt"> {
  /** JSON. */
  readonly items: string;
  /** Milliseconds since the epoch, or a Date that is this number. */
  readonly placedAt: number | Date;
}

/** Also says which order it repeats. */
interface EarlierRow extends OrderRow {
  readonly reorderOf: string | null;
}

/** A number in SQLite; a string in Postgres, where it may exceed 2^53. */
type Person = number | string;

const PERSON = "SELECT person FROM people WHERE issuer = $1 AND subject = $2";
const COLUMNS = `order_id AS "orderId", restaurant AS "restaurantName", CAST(items AS text) AS items, status,
  total_cents AS "totalCents", placed_at AS "placedAt", location`;
const NEWEST_FIRST = "ORDER BY placed_at DESC, order_id DESC";
const NEWEST = `SELECT ${COLUMNS} FROM orders WHERE person = (${PERSON}) ${NEWEST_FIRST} LIMIT $3`;
const OLDER = `SELECT ${COLUMNS} FROM orders WHERE person = (${PERSON}) AND (placed_at, order_id) <
  (SELECT placed_at, order_id FROM orders WHERE order_id = $4 AND person = (${PERSON})) ${NEWEST_FIRST} LIMIT $3`;
const ONE = `SELECT ${COLUMNS} FROM orders WHERE order_id = $3 AND person = (${PERSON})`;
const RESTAURANTS = `SELECT DISTINCT restaurant FROM orders WHERE person = (${PERSON})`;
const EARLIER = `SELECT ${COLUMNS}, reorder_of AS "reorderOf" FROM orders`;
const OF_KEY = `${EARLIER} WHERE person = $1 AND idempotency_key = $2`;
const REPEATED = `${EARLIER} WHERE person = $1 AND placed_at > $2 AND reorder_of = $3
  ${NEWEST_FIRST} LIMIT 1`;
const REPEAT = `INSERT INTO orders
    (order_id, person, restaurant, items, status, total_cents, placed_at, location, reorder_of, idempotency_key)
  SELECT $3, person, restaurant, items, 'preparing', total_cents, $4, location, order_id, $5
  FROM orders WHERE person = $1 AND order_id = $2 RETURNING ${COLUMNS}`;
const ADD_PERSON =
  "INSERT INTO people (issuer, subject) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING person";
const ADD_ORDER = `INSERT INTO orders
    (person, order_id, restaurant, items, status, total_cents, placed_at, location)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** Keeps orders in a database with the tables of `ORDER_SCHEMA`. */
export function createOrderStore(database: Database): OrderStore {
  return {
    async recent({ issuer, subject }, limit, after) {
      const rows = after === undefined
        ? await database.query<OrderRow>(NEWEST, [issuer, subject, limit])
        : await database.query<OrderRow>(OLDER, [issuer, subject, limit, after]);
      return rows.map(toOrder);
    },
    async find({ issuer, subject }, orderId) {
      const [row] = await database.query<OrderRow>(ONE, [issuer, subject, orderId]);
      return row && toOrder(row);
    },
    async restaurants({ issuer, subject }) {
      const rows = await database.query<{ restaurant: string }>(RESTAURANTS, [issuer, subject]);
      return new Set(rows.map(({ restaurant }) => restaurant));
    },
    reorder: ({ issuer, subject }, { orderId, idempotencyKey, newOrderId, placedAt }) =>
      database.transaction(function* (query) {
        // Requests of one person wait here for one another, so that each sees what the one before has made.
        const [owner] = yield* query<{ person: Person }>(`${PERSON} FOR UPDATE`, [issuer, subject]);
        if (!owner) return { kind: "unknown_order" };
        const { person } = owner;
        const [earlier] = idempotencyKey === undefined
          ? yield* query<EarlierRow>(REPEATED, [person, new Date(placedAt - SAME_ORDER_MS), orderId])
          : yield* query<EarlierRow>(OF_KEY, [person, idempotencyKey]);
        if (earlier && earlier.reorderOf !== orderId) return { kind: "key_reused" };
        const repeat = [person, orderId, newOrderId, new Date(placedAt), idempotencyKey];
        const [order] = earlier ? [earlier] : yield* query<OrderRow>(REPEAT, repeat);
        return order ? { kind: "placed", order: toOrder(order) } : { kind: "unknown_order" };
      }),
    welcome: ({ issuer, subject }, orders) =>
      database.transaction(function* (query) {
        const [added] = yield* query<{ person: Person }>(ADD_PERSON, [issuer, subject]);
        if (!added) return;
        for (const order of orders()) {
          const { orderId, restaurantName, items, status, totalCents, placedAt, location } = order;
          yield* query(ADD_ORDER, [
            ...[added.person, orderId, restaurantName, JSON.stringify(items), status],
            ...[totalCents, new Date(placedAt), location],
          ]);
        }
      }),
  };
}

function toOrder(row: OrderRow): StoredOrder {
  const { orderId, restaurantName, items, status, totalCents, placedAt, location } = row;
  return {
    orderId,
    restaurantName,
    items: JSON.parse(items),
    status,
    totalCents,
    placedAt: Number(placedAt),
    location,
  };
}
