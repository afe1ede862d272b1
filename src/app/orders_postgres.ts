import { type OrderStore, type Owner, SAME_ORDER_MS, type StoredOrder } from "./orders.ts";
import { migrate } from "./orders_postgres_schema.ts";
import { type Ask, connectPostgres } from "../storage/postgres.ts";

interface OrderRow extends Omit<StoredOrder, "placedAt"> {
  readonly placedAt: Date;
  readonly reorderOf: string | null;
}

const PERSON = "SELECT person FROM people WHERE issuer = $1 AND subject = $2";
const COLUMNS = `order_id AS "orderId", restaurant AS "restaurantName", items, status,
  total_cents AS "totalCents", placed_at AS "placedAt", location, reorder_of AS "reorderOf"`;
const NEWEST_FIRST = "ORDER BY placed_at DESC, order_id DESC";
const NEWEST = `SELECT ${COLUMNS} FROM orders WHERE person = (${PERSON}) ${NEWEST_FIRST} LIMIT $3`;
const OLDER = `SELECT ${COLUMNS} FROM orders WHERE person = (${PERSON}) AND (placed_at, order_id) <
  (SELECT placed_at, order_id FROM orders WHERE order_id = $4 AND person = (${PERSON})) ${NEWEST_FIRST} LIMIT $3`;
const RESTAURANTS = `SELECT DISTINCT restaurant FROM orders WHERE person = (${PERSON})`;
const OF_KEY = `SELECT ${COLUMNS} FROM orders WHERE person = $1 AND idempotency_key = $2`;
const REPEATED = `SELECT ${COLUMNS} FROM orders WHERE person = $1 AND placed_at > $2 AND reorder_of = $3
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

/**
 * Keeps orders in a Postgres database that any number of processes may share. The first question connects and
 * brings the schema up to date; while the database is away questions reject, and later ones try again.
 *
 * @param url `postgres://user:password@host/database?sslmode=verify-full`
 */
export function createPostgresOrders(url: string): OrderStore & AsyncDisposable {
  const { transaction, ask, ...postgres } = connectPostgres(url);
  let migrated: Promise<void> | undefined;
  const ready = () =>
    migrated ??= migrate({ ask, transaction }).catch((error: unknown) => {
      migrated = undefined;
      throw error;
    });

  return {
    ...postgres,
    async recent(owner, limit, after) {
      await ready();
      const [sql, cursor] = after === undefined ? [NEWEST, []] : [OLDER, [after]];
      const rows = await ask<OrderRow>(sql, [owner.issuer, owner.subject, limit, ...cursor]);
      return rows.map(toOrder);
    },
    async restaurants(owner) {
      await ready();
      const rows = await ask<{ restaurant: string }>(RESTAURANTS, [owner.issuer, owner.subject]);
      return new Set(rows.map(({ restaurant }) => restaurant));
    },
    async reorder(owner, { orderId, idempotencyKey, newOrderId, placedAt }) {
      await ready();
      return await transaction(async (ask) => {
        // Wishes of one person wait here for one another, so that each sees what the one before has made.
        const person = await find(ask, `${PERSON} FOR UPDATE`, owner);
        const [earlier] = await (idempotencyKey === undefined
          ? ask<OrderRow>(REPEATED, [person, new Date(placedAt - SAME_ORDER_MS), orderId])
          : ask<OrderRow>(OF_KEY, [person, idempotencyKey]));
        if (earlier && earlier.reorderOf !== orderId) {
          return { kind: "key_reused" };
        }
        const repeat = [person, orderId, newOrderId, new Date(placedAt), idempotencyKey];
        const [order] = earlier ? [earlier] : await ask<OrderRow>(REPEAT, repeat);
        return order ? { kind: "placed", order: toOrder(order) } : { kind: "unknown_order" };
      });
    },
    async welcome(owner, orders) {
      await ready();
      if (await find(ask, PERSON, owner) !== undefined) return;
      await transaction(async (ask) => {
        const person = await find(ask, ADD_PERSON, owner);
        if (person === undefined) return;
        for (const order of orders()) await ask(ADD_ORDER, [person, ...valuesOf(order)]);
      });
    },
    async check() {
      await ready();
      const [state] = await ask<{ on: string }>(`SELECT current_setting('transaction_read_only') AS "on"`);
      if (state?.on !== "off") {
        throw new Error("The database lets nobody write: it is a standby, or set to read-only.");
      }
    },
  };
}

/** The owner's number, which comes as a string because it may exceed 2^53. */
async function find(ask: Ask, sql: string, { issuer, subject }: Owner): Promise<string | undefined> {
  const [row] = await ask<{ person: string }>(sql, [issuer, subject]);
  return row?.person;
}

function toOrder({ reorderOf: _, placedAt, ...row }: OrderRow): StoredOrder {
  return { ...row, placedAt: placedAt.getTime() };
}

function valuesOf(order: StoredOrder): unknown[] {
  const { orderId, restaurantName, items, status, totalCents, placedAt, location } = order;
  return [orderId, restaurantName, JSON.stringify(items), status, totalCents, new Date(placedAt), location];
}
