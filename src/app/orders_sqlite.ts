import type { DatabaseSync } from "node:sqlite";
import { type OrderStore, type Owner, SAME_ORDER_MS, type StoredOrder } from "./orders.ts";
import { confirmVersion, migrate, transaction } from "./orders_sqlite_schema.ts";

const COLUMNS = "order_id, restaurant, items, status, total_cents, placed_at, location, reorder_of";
const NEWEST_FIRST = "ORDER BY placed_at DESC, order_id DESC LIMIT ?";

/** Keeps orders in an open SQLite database, whose schema it brings up to date first. */
export function createSqliteOrders(database: DatabaseSync): OrderStore {
  migrate(database);
  const personOf = database.prepare("SELECT person FROM people WHERE issuer = ? AND subject = ?");
  const addPerson = database.prepare(
    "INSERT INTO people (issuer, subject) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING person",
  );
  const addOrder = database.prepare(
    `INSERT INTO orders (order_id, person, restaurant, items, status, total_cents, placed_at, location)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const newest = database.prepare(`SELECT ${COLUMNS} FROM orders WHERE person = ? ${NEWEST_FIRST}`);
  const older = database.prepare(
    `SELECT ${COLUMNS} FROM orders WHERE person = ?1 AND (placed_at, order_id) <
       (SELECT placed_at, order_id FROM orders WHERE order_id = ?2 AND person = ?1) ${NEWEST_FIRST}`,
  );
  const restaurants = database.prepare("SELECT DISTINCT restaurant FROM orders WHERE person = ?");
  const ofKey = database.prepare(`SELECT ${COLUMNS} FROM orders WHERE person = ? AND idempotency_key = ?`);
  const repeated = database.prepare(
    `SELECT ${COLUMNS} FROM orders WHERE person = ? AND placed_at > ? AND reorder_of = ? ${NEWEST_FIRST}`,
  );
  const repeat = database.prepare(
    `INSERT INTO orders
       (order_id, person, restaurant, items, status, total_cents, placed_at, location, reorder_of, idempotency_key)
     SELECT ?, person, restaurant, items, 'preparing', total_cents, ?, location, order_id, ?
     FROM orders WHERE order_id = ? AND person = ? RETURNING ${COLUMNS}`,
  );

  return {
    recent: async (owner, limit, after) => {
      const person = find(owner);
      const rows = after === undefined ? newest.all(person, limit) : older.all(person, after, limit);
      return await rows.map(toOrder);
    },
    restaurants: async (owner) =>
      await new Set(restaurants.all(find(owner)).map(({ restaurant }) => String(restaurant))),
    reorder: async (owner, { orderId, idempotencyKey, newOrderId, placedAt }) =>
      await transaction(database, () => {
        const person = find(owner);
        const earlier = idempotencyKey === undefined
          ? repeated.get(person, placedAt - SAME_ORDER_MS, orderId, 1)
          : ofKey.get(person, idempotencyKey);
        if (earlier && earlier["reorder_of"] !== orderId) return { kind: "key_reused" };
        const order = earlier ?? repeat.get(newOrderId, placedAt, idempotencyKey ?? null, orderId, person);
        return order ? { kind: "placed", order: toOrder(order) } : { kind: "unknown_order" };
      }),
    welcome: async (owner, orders) => {
      if (find(owner) !== null) return;
      await transaction(database, () => {
        const added = addPerson.get(owner.issuer, owner.subject);
        if (added) orders().forEach((order) => insert(Number(added["person"]), order));
      });
    },
    check: async () => await transaction(database, () => confirmVersion(database)),
  };

  function find({ issuer, subject }: Owner): number | null {
    const row = personOf.get(issuer, subject);
    return row ? Number(row["person"]) : null;
  }

  function insert(person: number, order: StoredOrder): void {
    const { orderId, restaurantName, items, status, totalCents, placedAt, location } = order;
    addOrder.run(
      orderId,
      person,
      restaurantName,
      JSON.stringify(items),
      status,
      totalCents,
      placedAt,
      location,
    );
  }
}

function toOrder(row: Record<string, unknown>): StoredOrder {
  return {
    orderId: String(row["order_id"]),
    restaurantName: String(row["restaurant"]),
    items: JSON.parse(String(row["items"])),
    status: row["status"] as StoredOrder["status"],
    totalCents: Number(row["total_cents"]),
    placedAt: Number(row["placed_at"]),
    location: String(row["location"]),
  };
}
