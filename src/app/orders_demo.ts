import { demoOrders, type OrderStore } from "./orders.ts";

/**
 * The same few orders for everyone, for a server that has nowhere to keep any.
 *
 * @param readOnly In words for the caller why nothing can be ordered.
 * @param now Milliseconds since the epoch.
 */
export function createDemoOrders(readOnly: string, now: () => number): OrderStore {
  // Ids tell nothing and open nothing here; the same ones everywhere let a cursor travel between machines.
  const orders = () => {
    let count = 0;
    return demoOrders(now(), () => `demo-${++count}`);
  };
  return {
    readOnly,
    recent: (_owner, limit, after) => {
      const all = orders();
      const position = all.findIndex(({ orderId }) => orderId === after);
      if (after !== undefined && position < 0) return Promise.resolve([]);
      return Promise.resolve(all.slice(position + 1, position + 1 + limit));
    },
    restaurants: () => Promise.resolve(new Set(orders().map(({ restaurantName }) => restaurantName))),
    reorder: () => Promise.reject(new Error(readOnly)),
    welcome: () => Promise.resolve(),
    check: () => Promise.resolve(),
  };
}
