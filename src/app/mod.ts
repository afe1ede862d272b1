import type { App } from "../mcp/app.ts";
import { defineWidget } from "../mcp/widget.ts";
import type { OrderStore } from "./orders.ts";
import { reorderPizza } from "./reorder_pizza.ts";
import { searchPizzaSf } from "./search_pizza_sf.ts";
import { seePastOrders } from "./see_past_orders.ts";
import { widgets } from "./widgets.gen.ts";

/** The sample app: replace this folder and `widgets/` with your own. */
export function createApp({
  orders,
  now = Date.now,
  randomUUID = () => crypto.randomUUID(),
}: {
  readonly orders: OrderStore;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly randomUUID?: () => string;
}): App {
  const search = defineWidget({
    page: widgets["mixed-auth-search"],
    title: "Pizza spots",
    description: "A carousel of the pizzerias that were found. Do not list them again in words.",
  });
  const pastOrders = defineWidget({
    page: widgets["mixed-auth-past-orders"],
    title: "Past orders",
    description: "The person's orders by month. Do not list them again in words.",
  });
  return {
    name: "pizza-sf",
    title: "Pizza in San Francisco",
    version: "0.1.0",
    instructions:
      "Find pizza in San Francisco, see past orders and order again. search_pizza_sf works for everyone; " +
      "see_past_orders needs the person to sign in, reorder_pizza also their permission to order.",
    scopes: { "orders:read": "See your past orders", "orders:write": "Order pizza again for you" },
    tools: [
      searchPizzaSf({ orders, widget: search }),
      seePastOrders({ orders, widget: pastOrders }),
      reorderPizza({ orders, now, randomUUID }),
    ],
    resources: [search, pastOrders],
  };
}
