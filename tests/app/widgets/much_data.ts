import { PLACES } from "../../../src/app/places.ts";
import { sampleOrders } from "../../../src/app/sample_orders.ts";
import { presentOrder } from "../../../src/app/order_output.ts";
import type { HostMessage } from "../../../src/ui/mod.ts";

const WEEK_MS = 7 * 86_400_000;

/** The fullest results that the tools give, by widget: 20 orders over some months, and every place there is. */
export function muchData(now: number = Date.now()): Record<string, HostMessage> {
  const orders = Array.from({ length: 20 }, (_, index) => {
    const [order] = sampleOrders(
      { issuer: "https://issuer.test", subject: `person-${index}` },
      now,
      () => `${index}`,
    );
    return presentOrder({ ...order!, placedAt: now - index * WEEK_MS });
  });
  return {
    "mixed-auth-past-orders": resultOf({ orders }, { "pizza/reorder": true }),
    "mixed-auth-search": resultOf({ pizzaTopping: "", places: PLACES, signedIn: true }),
  };
}

function resultOf(
  structuredContent: Record<string, unknown>,
  _meta: Record<string, unknown> = {},
): HostMessage {
  return { method: "ui/notifications/tool-result", params: { content: [], structuredContent, _meta } };
}
