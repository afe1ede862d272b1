import { defineApp, defineWidget, type Tool } from "mcp-app";
import * as z from "zod";
import { openOrders } from "./open_orders.ts";
import type { OrderStore } from "./orders.ts";
import { playground } from "./playground.ts";
import { reorderPizza } from "./reorder_pizza.ts";
import { MAPS, searchPizzaSf } from "./search_pizza_sf.ts";
import { seePastOrders } from "./see_past_orders.ts";
import { widgets } from "./widgets.gen.ts";

const search = defineWidget({
  page: widgets["mixed-auth-search"],
  title: "Pizza spots",
  description: "A carousel of the pizzerias that were found. Do not list them again in words.",
  csp: { redirect: [MAPS] },
});

const pastOrders = defineWidget({
  page: widgets["mixed-auth-past-orders"],
  title: "Past orders",
  description: "The person's orders by month. Do not list them again in words.",
  displayModes: ["inline", "fullscreen"],
});

/** The widgets of the tools. */
export const faces = [search, pastOrders];

/** The tools, on orders that are kept wherever `orders` keeps them. */
export function createTools({ orders, now, randomUUID }: {
  readonly orders: OrderStore;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomUUID: () => string;
}): Tool[] {
  return [
    searchPizzaSf({ orders, widget: search }),
    seePastOrders({ orders, widget: pastOrders }),
    reorderPizza({ orders, now, randomUUID }),
  ];
}

/** The sample app: replace this folder and `widgets/` with your own. */
export default defineApp({
  name: "pizza-sf",
  title: "Pizza in San Francisco",
  version: "0.1.0",
  instructions:
    "Find pizza in San Francisco, see past orders and order again. search_pizza_sf works for everyone; " +
    "see_past_orders needs the person to sign in, reorder_pizza also their permission to order.",
  scopes: { "orders:read": "See your past orders", "orders:write": "Order pizza again for you" },
  env: { DEMO_ORDERS: z.stringbool({ error: "write true or false" }).optional() },
  playground,
  async open({ env, development, storage, now, randomUUID, log }) {
    // Nobody's customers shall see orders that were never placed.
    const demoOrders = env.DEMO_ORDERS ?? development;
    const opened = await openOrders({ ...storage, demoOrders, randomUUID });
    const { orders } = opened;
    if (orders.readOnly) log.warn("{note}", { note: orders.readOnly });
    return {
      tools: createTools({ orders, now, randomUUID }),
      ready: opened.ready,
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  },
});
