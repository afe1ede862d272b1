import { type OrderStore, type Owner, type Reordered, SAME_ORDER_MS, type StoredOrder } from "./orders.ts";
import { migrate } from "./orders_postgres_schema.ts";
import { connect, retrying } from "./postgres.ts";

interface OrderRow extends Omit<StoredOrder, "placedAt"> {
  readonly placedAt: Date;
  readonly reorderOf: string | null;
}

/**
 * Keeps orders in a Postgres database that any number of processes may share. The first question connects and
 * brings the schema up to date; while the database is away questions reject, and later ones try again.
 *
 * @param url `postgres://user:password@host/database?sslmode=verify-full`
 */
export function createPostgresOrders(url: string): OrderStore & AsyncDisposable {
  const sql = connect(url);
  const columns = sql`order_id AS "orderId", restaurant AS "restaurantName", items, status,
    total_cents AS "totalCents", placed_at AS "placedAt", location, reorder_of AS "reorderOf"`;
  const personOf = ({ issuer, subject }: Owner) =>
    sql`SELECT person FROM people WHERE issuer = ${issuer} AND subject = ${subject}`;

  let migrated: Promise<void> | undefined;
  async function ask<T>(work: () => Promise<T>): Promise<T> {
    migrated ??= retrying(() => migrate(sql)).catch((error) => {
      migrated = undefined;
      throw error;
    });
    await migrated;
    return await retrying(work);
  }

  return {
    recent: (owner, limit, after) =>
      ask(async () => {
        const older = after === undefined ? sql`` : sql`AND (placed_at, order_id) <
          (SELECT placed_at, order_id FROM orders WHERE order_id = ${after} AND person = (${
          personOf(owner)
        }))`;
        const rows = await sql<OrderRow[]>`
          SELECT ${columns} FROM orders WHERE person = (${personOf(owner)}) ${older}
          ORDER BY placed_at DESC, order_id DESC LIMIT ${limit}`;
        return rows.map(toOrder);
      }),

    restaurants: (owner) =>
      ask(async () => {
        const rows = await sql<{ restaurant: string }[]>`
          SELECT DISTINCT restaurant FROM orders WHERE person = (${personOf(owner)})`;
        return new Set(rows.map(({ restaurant }) => restaurant));
      }),

    reorder: (owner, { orderId, idempotencyKey, newOrderId, placedAt }) =>
      ask(() =>
        sql.begin(async (tx): Promise<Reordered> => {
          // Wishes of one person wait here for one another, so that each sees what the one before has made.
          const [found] = await tx<{ person: string }[]>`${personOf(owner)} FOR UPDATE`;
          if (!found) return { kind: "unknown_order" };
          const same = idempotencyKey === undefined
            ? tx`placed_at > ${new Date(placedAt - SAME_ORDER_MS)} AND reorder_of = ${orderId}`
            : tx`idempotency_key = ${idempotencyKey}`;
          const [earlier] = await tx<OrderRow[]>`
            SELECT ${columns} FROM orders WHERE person = ${found.person} AND ${same}
            ORDER BY placed_at DESC, order_id DESC LIMIT 1`;
          if (earlier && earlier.reorderOf !== orderId) return { kind: "key_reused" };
          if (earlier) return { kind: "placed", order: toOrder(earlier) };
          const [order] = await tx<OrderRow[]>`
            INSERT INTO orders (order_id, person, restaurant, items, status, total_cents, placed_at, location,
              reorder_of, idempotency_key)
            SELECT ${newOrderId}, person, restaurant, items, 'preparing', total_cents, ${new Date(placedAt)},
              location, order_id, ${idempotencyKey ?? null}
            FROM orders WHERE order_id = ${orderId} AND person = ${found.person} RETURNING ${columns}`;
          return order ? { kind: "placed", order: toOrder(order) } : { kind: "unknown_order" };
        })
      ),

    welcome: (owner, orders) =>
      ask(async () => {
        const [known] = await personOf(owner);
        if (known) return;
        await sql.begin(async (tx) => {
          const [added] = await tx<{ person: string }[]>`
            INSERT INTO people (issuer, subject) VALUES (${owner.issuer}, ${owner.subject})
            ON CONFLICT DO NOTHING RETURNING person`;
          const rows = added ? orders().map((order) => ({ person: added.person, ...toColumns(order) })) : [];
          if (rows.length > 0) {
            await tx`INSERT INTO orders ${tx(rows.map((row) => ({ ...row, items: tx.json(row.items) })))}`;
          }
        });
      }),

    check: () =>
      ask(async () => {
        const [state] = await sql`SELECT current_setting('transaction_read_only') AS "readOnly"`;
        if (state?.["readOnly"] !== "off") throw new Error("The database can be read only.");
      }),

    [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }),
  };
}

function toOrder({ reorderOf: _, placedAt, ...row }: OrderRow): StoredOrder {
  return { ...row, placedAt: placedAt.getTime() };
}

function toColumns({ orderId, restaurantName, items, status, totalCents, placedAt, location }: StoredOrder) {
  return {
    order_id: orderId,
    restaurant: restaurantName,
    items: [...items],
    status,
    total_cents: totalCents,
    placed_at: new Date(placedAt),
    location,
  };
}
