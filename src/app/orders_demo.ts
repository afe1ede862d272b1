import type { OrderStore, Owner } from "./orders.ts";
import { sampleOrders } from "./sample_orders.ts";

/**
 * The same few orders for a person at any time, for a server that has nowhere to keep any.
 *
 * @param readOnly In words for the caller why nothing can be ordered.
 * @param now Milliseconds since the epoch.
 */
export function createDemoOrders(readOnly: string, now: () => number): OrderStore {
  // Ids tell nothing and open nothing here; the same ones everywhere let a cursor travel between machines.
  const orders = (owner: Owner) => {
    let count = 0;
    return sampleOrders(owner, now(), () => `demo-${++count}`);
  };
  return {
    readOnly,
    recent: (owner, limit, after) => {
      const all = orders(owner);
      const position = all.findIndex(({ orderId }) => orderId === after);
      if (after !== undefined && position < 0) return Promise.resolve([]);
      return Promise.resolve(all.slice(position + 1, position + 1 + limit));
    },
    find: (owner, id) => Promise.resolve(orders(owner).find(({ orderId }) => orderId === id)),
    restaurants: (owner) =>
      Promise.resolve(new Set(orders(owner).map(({ restaurantName }) => restaurantName))),
    reorder: () => Promise.reject(new Error(readOnly)),
    welcome: () => Promise.resolve(),
  };
}
