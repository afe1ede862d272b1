import { defineTool, signedIn, type Tool, ToolError } from "mcp-app";
import * as z from "zod";
import { describeOrder, OpaqueText, OrderOutput, presentOrder } from "./order_output.ts";
import type { OrderStore } from "./orders.ts";

/**
 * Places one of the caller's orders again, exactly once however often the call is sent. An order of somebody else
 * is as unknown as one that never was (AUTH-25).
 *
 * @param now Milliseconds since the epoch.
 */
export function reorderPizza({ orders, now, randomUUID }: {
  readonly orders: OrderStore;
  readonly now: () => number;
  readonly randomUUID: () => string;
}): Tool {
  return defineTool({
    name: "reorder_pizza",
    title: "Order again",
    description:
      "Places a past pizza order of the signed-in person again, the same items to the same place. " +
      "Ask the person first. Take the orderId from see_past_orders.",
    access: signedIn("orders:write"),
    input: z.strictObject({
      orderId: OpaqueText.describe("The past order to place again."),
      idempotencyKey: OpaqueText.optional().describe(
        "Any text that names this request, once the person has agreed to it: sent again with the same key, it makes " +
          "no second order. Without a key the person is asked, and the same order within 10 seconds makes no second one.",
      ),
    }),
    output: z.object({ order: OrderOutput }),
    invoking: "Ordering again",
    invoked: "Ordered again",
    // Money is spent and a kitchen begins to bake, neither of which a later call takes back. OpenAI's review counts a
    // write with effects outside as open world, Claude's wants every write that is not read-only marked destructive,
    // and without a key the same call orders once more after 10 seconds, so that it is not idempotent.
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    // No host says which calls come from a widget, so the key that the widget's button sends is what tells them.
    confirmedBy: "idempotencyKey",
    async run({ orderId, idempotencyKey }, { caller, confirm }) {
      if (orders.readOnly !== undefined) throw new ToolError(orders.readOnly);
      if (idempotencyKey === undefined) {
        const past = await orders.find(caller, orderId);
        if (!past) throw unknownOrder();
        await confirm(questionAbout(presentOrder(past)));
      }
      const request = { orderId, idempotencyKey, newOrderId: randomUUID(), placedAt: now() };
      const outcome = await orders.reorder(caller, request);
      if (outcome.kind === "unknown_order") throw unknownOrder();
      if (outcome.kind === "key_reused") {
        throw new ToolError("This idempotencyKey was used to reorder something else. Send a new key.");
      }
      const order = presentOrder(outcome.order);
      return { data: { order }, text: `Ordered again. ${describeOrder(order)}` };
    },
  });
}

function questionAbout({ items, restaurantName, location, total }: z.output<typeof OrderOutput>): string {
  return `Order ${items.join(", ")} from ${restaurantName} to ${location} again, for ${total}?`;
}

function unknownOrder(): ToolError {
  return new ToolError("This order was not found. Take an orderId from see_past_orders.");
}
