import { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { OpaqueText, OrderOutput } from "../../src/app/order_output.ts";
import type { OrderStore, Owner } from "../../src/app/orders.ts";
import { PLACES, placesWith } from "../../src/app/places.ts";
import { WIDGET_MIME_TYPE } from "../../src/mcp/widget.ts";
import { widgets } from "../../src/app/widgets.gen.ts";

const SEARCH_WIDGET = "ui://widget/mixed-auth-search.html";
const ORDERS_WIDGET = "ui://widget/mixed-auth-past-orders.html";
const READ_ONLY = { readOnlyHint: true, destructiveHint: false, openWorldHint: false };

const SearchInput = z.strictObject({ searchTerm: z.string().trim().max(200).optional() });
const SearchOutput = z.object({
  pizzaTopping: z.string(),
  places: z.array(z.object({
    name: z.string(),
    neighborhood: z.string(),
    toppings: z.array(z.string()),
    rating: z.number(),
    price: z.enum(["$", "$$", "$$$"]),
    blurb: z.string(),
    orderedBefore: z.literal(true).optional(),
  })),
  signedIn: z.boolean(),
});
const OrdersInput = z.strictObject({
  limit: z.int().min(1).max(20).optional(),
  cursor: OpaqueText.optional(),
});
const OrdersOutput = z.object({ orders: z.array(OrderOutput), nextCursor: z.string().optional() });

/** The sample app's tools and widgets over the same store, written the way the SDK's documentation writes them. */
export function buildServer(orders: OrderStore): McpServer {
  const server = new McpServer({ name: "pizza-sf", version: "0.1.0" });
  server.registerTool("search_pizza_sf", {
    title: "Show pizza spots",
    description: "Shows pizzerias in San Francisco, all of them or those with a given topping.",
    inputSchema: SearchInput,
    outputSchema: SearchOutput,
    annotations: READ_ONLY,
    _meta: { ui: { resourceUri: SEARCH_WIDGET } },
  }, async ({ searchTerm = "" }, { http }) => {
    const caller = ownerOf(http?.authInfo?.extra);
    const visited = caller ? await orders.restaurants(caller) : new Set<string>();
    const found = placesWith(searchTerm);
    const places = (found.length > 0 ? found : PLACES).map((place) => ({
      ...place,
      toppings: [...place.toppings],
      ...(visited.has(place.name) && { orderedBefore: true as const }),
    }));
    return answer({ pizzaTopping: searchTerm, places, signedIn: caller !== undefined });
  });
  server.registerTool("see_past_orders", {
    title: "See past orders",
    description: "Shows the pizza orders of the signed-in person, the newest first.",
    inputSchema: OrdersInput,
    outputSchema: OrdersOutput,
    annotations: READ_ONLY,
    _meta: { ui: { resourceUri: ORDERS_WIDGET } },
  }, async ({ limit = 20, cursor }, { http }) => {
    const caller = ownerOf(http?.authInfo?.extra);
    if (!caller) return { content: [{ type: "text", text: "Sign in to see past orders." }], isError: true };
    const found = await orders.recent(caller, limit + 1, cursor);
    const shown = found.slice(0, limit).map(({ totalCents, placedAt, items, ...order }) => ({
      ...order,
      items: [...items],
      total: `$${(totalCents / 100).toFixed(2)}`,
      placedAt: new Date(placedAt).toISOString(),
    }));
    const nextCursor = found.length > limit ? shown.at(-1)?.orderId : undefined;
    return answer({ orders: shown, ...(nextCursor !== undefined && { nextCursor }) });
  });
  for (const [name, { html }] of Object.entries(widgets)) {
    server.registerResource(
      name,
      `ui://widget/${name}.html`,
      { mimeType: WIDGET_MIME_TYPE },
      ({ href }) => ({ contents: [{ uri: href, mimeType: WIDGET_MIME_TYPE, text: html }] }),
    );
  }
  return server;
}

function ownerOf(extra: Record<string, unknown> | undefined): Owner | undefined {
  return extra && { issuer: String(extra["issuer"]), subject: String(extra["subject"]) };
}

function answer(structuredContent: Record<string, unknown>) {
  return { content: [{ type: "text" as const, text: JSON.stringify(structuredContent) }], structuredContent };
}
