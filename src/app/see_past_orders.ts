import { defineTool, signedIn, type Tool, ToolError, type Widget } from "mcp-app";
import * as z from "zod";
import { describeOrder, OpaqueText, OrderOutput, presentOrder } from "./order_output.ts";
import type { OrderStore } from "./orders.ts";

/** Shows the orders of the signed-in caller, and of nobody else. */
export function seePastOrders(
  { orders, widget }: { readonly orders: OrderStore; readonly widget: Widget },
): Tool {
  return defineTool({
    name: "see_past_orders",
    title: "See past orders",
    description: "Shows the pizza orders of the signed-in person, the newest first, 20 at a time.",
    access: signedIn("orders:read"),
    widget,
    input: z.strictObject({
      limit: z.int().min(1).max(20).optional().describe("How many orders at most; 20 when left out."),
      cursor: OpaqueText.optional().describe(
        "The nextCursor of an earlier answer, for the orders before those.",
      ),
    }),
    output: z.object({
      orders: z.array(OrderOutput),
      nextCursor: z.string().optional().describe("There are older orders; ask with this cursor to see them."),
    }),
    invoking: "Fetching your orders",
    invoked: "Here are your orders",
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
    async run({ limit = 20, cursor }, { caller }) {
      // One more than asked for tells whether there is another page.
      const found = await orders.recent(caller, limit + 1, cursor);
      // A cursor is the last order of a page that others follow, so only a made-up or a stranger's leads nowhere.
      if (cursor !== undefined && found.length === 0) {
        throw new ToolError("This cursor is unknown. Ask without a cursor to begin with the newest orders.");
      }
      const shown = found.slice(0, limit).map(presentOrder);
      const nextCursor = found.length > limit ? shown.at(-1)?.orderId : undefined;
      return {
        data: { orders: shown, ...(nextCursor !== undefined && { nextCursor }) },
        text: describe(shown, { cursor, nextCursor }),
        // Tells the widget to offer a button that calls reorder_pizza.
        ...(orders.readOnly === undefined && { meta: { "pizza/reorder": true } }),
      };
    },
  });
}

function describe(
  shown: readonly z.input<typeof OrderOutput>[],
  { cursor, nextCursor }: { readonly cursor: string | undefined; readonly nextCursor: string | undefined },
): string {
  if (shown.length === 0) return "There are no orders yet.";
  const headline = cursor === undefined
    ? `The ${shown.length} newest orders:`
    : `${shown.length} older orders:`;
  const lines = shown.map((order) => `- ${describeOrder(order)}`);
  const more = nextCursor === undefined ? [] : [`There are older orders: ask with the cursor ${nextCursor}`];
  return [headline, ...lines, ...more].join("\n");
}
