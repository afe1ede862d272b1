import { z } from "zod";
import { signedIn } from "../mcp/access.ts";
import { defineTool, type Tool } from "../mcp/tool.ts";
import type { Widget } from "../mcp/widget.ts";
import type { OrderStore, StoredOrder } from "./orders.ts";

const OrderOutput = z.object({
  orderId: z.string(),
  restaurantName: z.string(),
  items: z.array(z.string()),
  status: z.enum(["delivered", "refunded", "preparing"]),
  total: z.string().describe('In US dollars, such as "$18.50".'),
  placedAt: z.iso.datetime(),
  location: z.string(),
});

/** Shows the orders of the signed-in caller, and of nobody else. */
export function seePastOrders(
  { orders, widget }: { readonly orders: OrderStore; readonly widget: Widget },
): Tool {
  return defineTool({
    name: "see_past_orders",
    title: "See past orders",
    description: "Shows the pizza orders of the signed-in person, the newest first.",
    access: signedIn("orders:read"),
    widget,
    input: z.strictObject({
      limit: z.int().min(1).max(20).optional().describe("How many orders at most; 20 when left out."),
    }),
    output: z.object({ orders: z.array(OrderOutput) }),
    invoking: "Fetching your orders",
    invoked: "Here are your orders",
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
    async run({ limit = 20 }, { caller }) {
      const found = (await orders.recent(caller, limit)).map(present);
      return { data: { orders: found }, text: describe(found) };
    },
  });
}

function present(order: StoredOrder): z.input<typeof OrderOutput> {
  return {
    ...order,
    items: [...order.items],
    total: `$${(order.totalCents / 100).toFixed(2)}`,
    placedAt: new Date(order.placedAt).toISOString(),
  };
}

function describe(orders: readonly z.input<typeof OrderOutput>[]): string {
  if (orders.length === 0) return "There are no orders yet.";
  const lines = orders.map(({ restaurantName, items, status, total, placedAt, location }) =>
    `- ${placedAt.slice(0, 10)}: ${
      items.join(", ")
    } from ${restaurantName} to ${location}, ${total}, ${status}`
  );
  return [`The ${orders.length} newest orders:`, ...lines].join("\n");
}
