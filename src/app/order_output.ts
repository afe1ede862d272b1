import * as z from "zod";
import type { StoredOrder } from "./orders.ts";

/** An order as tools show it to its owner. */
export const OrderOutput = z.object({
  orderId: z.string(),
  restaurantName: z.string(),
  items: z.array(z.string()),
  status: z.enum(["delivered", "refunded", "preparing"]),
  total: z.string().describe('In US dollars, such as "$18.50".'),
  placedAt: z.iso.datetime(),
  location: z.string(),
});

/** An id or a key that callers send: no spaces, no control characters, 128 characters at most. */
export const OpaqueText = z.string().regex(
  /^[\x21-\x7e]{1,128}$/,
  "must be up to 128 visible ASCII characters",
);

/** The stored order in the form of `OrderOutput`. */
export function presentOrder(order: StoredOrder): z.input<typeof OrderOutput> {
  return {
    ...order,
    items: [...order.items],
    total: `$${(order.totalCents / 100).toFixed(2)}`,
    placedAt: new Date(order.placedAt).toISOString(),
  };
}

/** The order in one line of words. */
export function describeOrder(order: z.input<typeof OrderOutput>): string {
  const { restaurantName, items, status, total, placedAt, location } = order;
  return `${placedAt.slice(0, 10)}: ${
    items.join(", ")
  } from ${restaurantName} to ${location}, ${total}, ${status}`;
}
