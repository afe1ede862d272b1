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

/**
 * Gives every owner who is seen for the first time a few orders to look at. Whoever has orders was seen before, so
 * that they are asked for first: everybody's every call but the first is one statement.
 *
 * @param now Milliseconds since the epoch.
 */
export function withDemoOrders(
  store: OrderStore,
  { now, randomUUID }: { readonly now: () => number; readonly randomUUID: () => string },
): OrderStore {
  const welcome = (owner: Owner) => store.welcome(owner, () => sampleOrders(owner, now(), randomUUID));
  return {
    ...store,
    async recent(owner, limit, after) {
      const orders = await store.recent(owner, limit, after);
      // Nothing after a cursor means that it is unknown: nobody has one before they have seen orders.
      if (orders.length > 0 || after !== undefined) return orders;
      await welcome(owner);
      return await store.recent(owner, limit);
    },
    async restaurants(owner) {
      const names = await store.restaurants(owner);
      if (names.size > 0) return names;
      await welcome(owner);
      return await store.restaurants(owner);
    },
  };
}
