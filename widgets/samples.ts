import type { HostMessage } from "mcp-app/ui";

function result(structuredContent: unknown, more: Record<string, unknown> = {}): HostMessage[] {
  return [{ method: "ui/notifications/tool-result", params: { content: [], structuredContent, ...more } }];
}

function failure(text: string, meta: Record<string, unknown> = {}): HostMessage[] {
  const params = { isError: true, content: [{ type: "text", text }], _meta: meta };
  return [{ method: "ui/notifications/tool-result", params }];
}

const common: Readonly<Record<string, HostMessage[]>> = {
  loading: [],
  cancelled: [{ method: "ui/notifications/tool-cancelled", params: { reason: "user action" } }],
  error: failure("Too many requests at once. Wait 20 seconds, then try again."),
  "signed out": failure("Sign in to see your past orders.", {
    "mcp/www_authenticate": ['Bearer error="invalid_token"'],
  }),
  "no data": [{ method: "ui/notifications/tool-result", params: { content: [] } }],
};

/** The rows of a small table whose cells are parted by bars. */
function rows(table: string): string[][] {
  return table.trim().split("\n").map((row) => row.split("|").map((cell) => cell.trim()));
}

const places = rows(`
  Corner Dough   | Mission      | pepperoni, hot honey, basil                 | 4.8 | $$  | Crisp squares, and a line at noon.
  Fogline Slices | Outer Sunset | pepperoni, mushroom, black olives           | 4.5 | $   | Big folds, two blocks from the beach.
  Nonna on Noe   | Noe Valley   | mozzarella, tomato, basil                   | 4.9 | $$$ | Six tables and one strict grandmother.
  Cable & Crust  | Nob Hill     | sausage, pepperoni, red onion, green pepper | 4.2 | $$  | Thick pies for steep hills.
  Little Ember   | Hayes Valley | prosciutto, arugula, garlic                 | 4.6 | $$$ | Blistered thin crust and natural wine.
  Pier Pie       | North Beach  | pineapple, ham, jalapeño                    | 4.0 | $   | Open until three, no questions asked.
`).map(([name, neighborhood, toppings, rating, price, blurb], index) => ({
  name,
  neighborhood,
  toppings: toppings?.split(", "),
  rating: Number(rating),
  price,
  blurb,
  ...(index % 3 === 0 && { orderedBefore: true }),
}));

const withPepperoni = places.filter(({ toppings }) => toppings?.includes("pepperoni"));

function orders(now: number) {
  return rows(`
    0.01 | Corner Dough   | 1 × Large pepperoni & hot honey, 1 × Basil lemonade | preparing | $29.50 | Mission
    3    | Fogline Slices | 2 × Mushroom slice                                  | delivered | $11.00 | Outer Sunset
    24   | Nonna on Noe   | 1 × Margherita, 1 × Tomato salad, 2 × Cannoli       | delivered | $46.75 | Noe Valley
    55   | Pier Pie       | 1 × Pineapple & ham                                 | refunded  | $18.50 | North Beach
  `).map(([days, restaurantName, items, status, total, location]) => ({
    orderId: `order-${days}`,
    restaurantName,
    items: items?.split(", "),
    status,
    total,
    location,
    placedAt: new Date(now - Number(days) * 86_400_000).toISOString(),
  }));
}

/** Data as nobody should send it: markup, right-to-left, emoji, endless words, wrong types, missing fields. */
const hostile = {
  name: '<img src=x onerror="document.title=1">',
  restaurantName: '<img src=x onerror="document.title=1">',
  blurb: "A".repeat(10_000),
  toppings: ["פיצה עם זיתים", "🍕".repeat(200), 7, null, "<b>bold</b>"],
  items: ["פיצה עם זיתים", "🍕".repeat(200), 7, null, "<b>bold</b>"],
  neighborhood: "مرحبا بالعالم",
  location: "مرحبا بالعالم",
  rating: "five",
  total: "9".repeat(10_000),
  status: { toString: "delivered" },
  placedAt: "yesterday-ish",
};

/** What a host may send to each widget, by the name of the state it leads to; orders are dated back from `now` (ms). */
export function samples(now: number = Date.now()): Record<string, Record<string, HostMessage[]>> {
  return {
    "mixed-auth-search": {
      ...common,
      result: result({ pizzaTopping: "pepperoni", places: withPepperoni, signedIn: true }),
      anonymous: result({ pizzaTopping: "", places: places.slice(1, 3), signedIn: false }),
      "no match": result({ pizzaTopping: "durian", places, signedIn: true }),
      empty: result({ pizzaTopping: "pepperoni", places: [], signedIn: true }),
      hostile: result({
        pizzaTopping: "<i>",
        places: [hostile, {}, null, { name: "B".repeat(10_000) }],
        signedIn: 1,
      }),
    },
    "mixed-auth-past-orders": {
      ...common,
      result: result({ orders: orders(now), nextCursor: "4" }, { _meta: { "pizza/reorder": true } }),
      plain: result({ orders: orders(now) }),
      empty: result({ orders: [] }),
      hostile: result({
        orders: [
          hostile,
          {},
          "order",
          { restaurantName: "B".repeat(10_000), placedAt: 5, status: "S".repeat(400) },
          { ...hostile, orderId: "o", placedAt: "2026-01-02T03:04:05Z", status: "waiting ".repeat(50) },
        ],
      }, { _meta: { "pizza/reorder": true } }),
    },
  };
}
