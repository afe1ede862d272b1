import assert from "node:assert/strict";
import {
  type OrderStore,
  type Owner,
  type Reorder,
  SAME_ORDER_MS,
  type StoredOrder,
} from "../../src/app/orders.ts";
import type { EmptyStore } from "./order_store_contract.ts";
import { order, wish } from "./order_store_contract.ts";

const STEPS = 250;
/** Names that a careless key of issuer and subject would take for one another. */
const OWNERS: readonly Owner[] = [
  { issuer: "https://one.test", subject: "ada" },
  { issuer: "https://two.test", subject: "ada" },
  { issuer: "https://one.test", subject: "bob" },
  { issuer: "https://one.test", subject: "Ada" },
  { issuer: "https://one.test/a", subject: "da" },
  { issuer: "https://one.test", subject: "ada " },
];

interface Placed extends StoredOrder {
  readonly wish?: Reorder;
}

/** Whatever several people do in whatever order, each finds their own orders and nobody else's (AUTH-25). */
export function neverMixes(
  kind: string,
  open: () => Promise<EmptyStore>,
  { ignore = false }: { readonly ignore?: boolean } = {},
): void {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  Deno.test({
    name: `${kind} never mixes the orders of different issuers or subjects (AUTH-25)`,
    ignore,
    async fn() {
      await using opened = await open();
      const orders = new Map<Owner, Placed[]>();
      const random = generator(seed);
      for (let step = 0; step < STEPS; step++) await takeStep(opened.store, orders, random, step);
      for (const owner of OWNERS) {
        const expected = newestFirst(orders.get(owner) ?? []);
        assert.deepEqual(await opened.store.recent(owner, 1000), expected, `seed ${seed}`);
        const names = new Set(expected.map(({ restaurantName }) => restaurantName));
        assert.deepEqual(await opened.store.restaurants(owner), names, `seed ${seed}`);
      }
    },
  });
}

/** One person does something with an order of anybody, and the store answers as a plain list would. */
async function takeStep(
  store: OrderStore,
  orders: Map<Owner, Placed[]>,
  random: (below: number) => number,
  step: number,
): Promise<void> {
  const owner = OWNERS[random(OWNERS.length)]!;
  const own = orders.get(owner);
  if (!own) {
    const first = [order(`order-${step}-1`, step, `place-${step}`), order(`order-${step}-2`, step)];
    orders.set(owner, first);
    return await store.welcome(owner, () => first);
  }
  const everybodys = [...orders.values()].flat();
  const { orderId } = everybodys[random(everybodys.length)]!;
  if (random(4) === 0) {
    const sorted = newestFirst(own);
    const position = sorted.findIndex((each) => each.orderId === orderId);
    const expected = position < 0 ? [] : sorted.slice(position + 1, position + 4);
    return assert.deepEqual(await store.recent(owner, 3, orderId), expected);
  }
  const key = random(2) === 0 ? {} : { key: `key-${random(6)}` };
  const wanted = wish(orderId, { ...key, later: step * 1_000 });
  const earlier = own.findLast((each) => each.wish && isSame(each.wish, wanted));
  const source = own.find((each) => each.orderId === orderId);
  const outcome = await store.reorder(owner, wanted);
  if (earlier && earlier.wish?.orderId !== orderId) return assert.deepEqual(outcome, { kind: "key_reused" });
  if (earlier) return assert.deepEqual(outcome, { kind: "placed", order: plain(earlier) });
  if (!source) return assert.deepEqual(outcome, { kind: "unknown_order" });
  const { newOrderId, placedAt } = wanted;
  const placed = { ...source, orderId: newOrderId, placedAt, status: "preparing" as const, wish: wanted };
  own.push(placed);
  assert.deepEqual(outcome, { kind: "placed", order: plain(placed) });
}

function isSame(earlier: Reorder, wanted: Reorder): boolean {
  if (wanted.idempotencyKey !== undefined) return earlier.idempotencyKey === wanted.idempotencyKey;
  return earlier.orderId === wanted.orderId && earlier.placedAt > wanted.placedAt - SAME_ORDER_MS;
}

function plain({ wish: _, ...order }: Placed): StoredOrder {
  return order;
}

function newestFirst(orders: readonly Placed[]): StoredOrder[] {
  const older = (a: StoredOrder, b: StoredOrder) =>
    b.placedAt - a.placedAt || (a.orderId < b.orderId ? 1 : -1);
  return orders.map(plain).sort(older);
}

/** Marsaglia's xorshift: the same numbers for the same seed. */
function generator(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
