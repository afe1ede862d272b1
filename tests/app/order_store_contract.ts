import assert from "node:assert/strict";
import { type OrderStore, type Owner, SAME_ORDER_MS, type StoredOrder } from "../../src/app/orders.ts";
import { NOW } from "./support.ts";

/** A store with nothing in it, and the end of it. */
export interface EmptyStore extends AsyncDisposable {
  readonly store: OrderStore;
}

export const ADA: Owner = { issuer: "https://one.test", subject: "ada" };
const MINUTE = 60_000;

/** An order that was placed so many minutes before NOW. */
export function order(orderId: string, minutesAgo: number, restaurantName = "Dolores Dough"): StoredOrder {
  return {
    orderId,
    restaurantName,
    items: ["Forest mushroom", "Lemonade"],
    status: "delivered",
    totalCents: 3875,
    placedAt: NOW - minutesAgo * MINUTE,
    location: "Dolores Park, south end",
  };
}

/** A wish to have an order again now, or so many milliseconds later. */
export function wish(orderId: string, { key, later = 0 }: { key?: string; later?: number } = {}) {
  return { orderId, idempotencyKey: key, newOrderId: crypto.randomUUID(), placedAt: NOW + later };
}

/** Says what every store does, whatever it keeps orders in. */
export function orderStoreContract(
  kind: string,
  open: () => Promise<EmptyStore>,
  { ignore = false }: { readonly ignore?: boolean } = {},
): void {
  const test = (name: string, run: (store: OrderStore) => Promise<void>) =>
    Deno.test({
      name: `${kind} ${name}`,
      ignore,
      async fn() {
        await using opened = await open();
        await run(opened.store);
      },
    });

  test("gives orders back as they were, strange text included", async (store) => {
    const strange = "'; DROP TABLE orders; -- \" \\ {a,b} 🍕 ｆｏｇ $1 ?1 %s null";
    const stored = { ...order(strange, 1, strange), items: [strange, ""], location: strange };
    await store.welcome({ issuer: strange, subject: strange }, () => [stored]);
    assert.deepEqual(await store.recent({ issuer: strange, subject: strange }, 5), [stored]);
    assert.deepEqual(await store.recent(ADA, 5), []);
  });

  test("welcomes an owner once, however many requests come first", async (store) => {
    let made = 0;
    const orders = () => [order(`order-${++made}`, 1), order(`order-${++made}`, 2)];
    await Promise.all(Array.from({ length: 20 }, () => store.welcome(ADA, orders)));
    assert.equal((await store.recent(ADA, 50)).length, 2);
  });

  test("pages through all orders once, ties and orders that come meanwhile included", async (store) => {
    const stored = Array.from({ length: 23 }, (_, index) => order(`order-${index}`, Math.trunc(index / 5)));
    await store.welcome(ADA, () => stored);
    const seen: StoredOrder[] = [];
    for (let page = await store.recent(ADA, 4); page.length > 0;) {
      seen.push(...page);
      await store.reorder(ADA, wish("order-7", { key: `page-${seen.length}`, later: seen.length }));
      page = await store.recent(ADA, 4, page.at(-1)!.orderId);
    }
    assert.deepEqual(seen.map(({ orderId }) => orderId).sort(), stored.map(({ orderId }) => orderId).sort());
    assert.deepEqual(seen, seen.toSorted((a, b) => b.placedAt - a.placedAt));
  });

  test("knows the restaurants of an owner, each once", async (store) => {
    await store.welcome(
      ADA,
      () => [order("1", 1, "Fogline"), order("2", 2, "Tide"), order("3", 3, "Fogline")],
    );
    assert.deepEqual(await store.restaurants(ADA), new Set(["Fogline", "Tide"]));
  });

  test("places an order again as a new one that is being prepared", async (store) => {
    await store.welcome(ADA, () => [order("old", 9)]);
    const again = wish("old");
    const expected = { ...order("old", 0), orderId: again.newOrderId, status: "preparing" };
    assert.deepEqual(await store.reorder(ADA, again), { kind: "placed", order: expected });
    assert.deepEqual(await store.recent(ADA, 5), [expected, order("old", 9)]);
  });

  test("makes one order of wishes with the same key, side by side and days later", async (store) => {
    const old = Array.from({ length: 9 }, (_, index) => order(`old-${index}`, 9));
    await store.welcome(ADA, () => old);
    const outcomes = await Promise.all(old.map(({ orderId: key }) => {
      const wishes = Array.from({ length: 9 }, () => wish(key, { key }));
      return Promise.all(wishes.map((each) => store.reorder(ADA, each)));
    }));
    const late = await store.reorder(ADA, wish("old-0", { key: "old-0", later: 3 * 24 * 60 * MINUTE }));
    assert.deepEqual(late, outcomes[0]?.[0]);
    for (const same of outcomes) assert.deepEqual(same, Array(9).fill(same[0]));
    assert.equal((await store.recent(ADA, 50)).length, 18);
  });

  test("makes one order of keyless wishes within ten seconds, and another one after", async (store) => {
    const old = Array.from({ length: 9 }, (_, index) => order(`old-${index}`, 9));
    await store.welcome(ADA, () => old);
    await Promise.all(old.flatMap(({ orderId }) => {
      const wishes = Array.from({ length: 9 }, (_, index) => wish(orderId, { later: index * 1_000 }));
      return wishes.map((each) => store.reorder(ADA, each));
    }));
    assert.equal((await store.recent(ADA, 50)).length, 18);
    await store.reorder(ADA, wish("old-0", { later: 8_000 + SAME_ORDER_MS }));
    assert.equal((await store.recent(ADA, 50)).length, 19);
  });

  test("refuses a key that was used for another order", async (store) => {
    await store.welcome(ADA, () => [order("one", 9), order("two", 9)]);
    await store.reorder(ADA, wish("one", { key: "key" }));
    assert.deepEqual(await store.reorder(ADA, wish("two", { key: "key" })), { kind: "key_reused" });
    assert.equal((await store.recent(ADA, 50)).length, 3);
  });

  test("knows nobody else's orders, cursors and keys, same subject or same issuer (AUTH-25)", async (store) => {
    const strangers = [{ ...ADA, issuer: "https://two.test" }, { ...ADA, subject: "bob" }];
    await store.welcome(ADA, () => [order("hers", 9), order("hers too", 10)]);
    for (const stranger of strangers) {
      assert.deepEqual(await store.reorder(stranger, wish("hers")), { kind: "unknown_order" });
      const id = `of ${stranger.issuer} ${stranger.subject}`;
      await store.welcome(stranger, () => [order(id, 11)]);
      assert.deepEqual(await store.reorder(stranger, wish("hers")), { kind: "unknown_order" });
      assert.deepEqual(await store.recent(stranger, 5, "hers"), []);
      assert.equal(await store.find(stranger, "hers"), undefined);
      assert.equal((await store.find(stranger, id))?.orderId, id);
      const [own, hers] = [wish(id, { key: "key" }), wish("hers", { key: "key" })];
      assert.equal((await store.reorder(stranger, own)).kind, "placed");
      assert.equal((await store.reorder(stranger, hers)).kind, "key_reused");
    }
    assert.equal((await store.reorder(ADA, wish("hers", { key: "key" }))).kind, "placed");
    assert.equal((await store.recent(ADA, 5)).length, 3);
  });
}
