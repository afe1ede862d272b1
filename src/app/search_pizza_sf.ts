import { defineTool, mixed, type Tool, ToolError, type Widget } from "mcp-app";
import * as z from "zod";
import type { OrderStore, Owner } from "./orders.ts";
import { type Place, PLACES, placesWith } from "./places.ts";

const PlaceOutput = z.object({
  name: z.string(),
  neighborhood: z.string(),
  toppings: z.array(z.string()),
  rating: z.number(),
  price: z.enum(["$", "$$", "$$$"]),
  blurb: z.string(),
  map: z.url().describe("Where it is."),
  orderedBefore: z.literal(true).optional().describe("The signed-in caller has ordered here before."),
});

/** The origin of the maps. */
export const MAPS = "https://www.openstreetmap.org";

const NOWHERE: ReadonlySet<string> = new Set();
const UNREACHABLE =
  "Past orders cannot be reached right now, so nobody can say where this person ordered before.";

/**
 * Finds pizzerias for anyone; marks those that a signed-in caller has ordered from. Without the orders the search
 * works all the same: nothing is marked then, and the words say so.
 */
export function searchPizzaSf(
  { orders, widget }: { readonly orders: OrderStore; readonly widget: Widget },
): Tool {
  return defineTool({
    name: "search_pizza_sf",
    title: "Show pizza spots",
    description:
      "Shows pizzerias in San Francisco, all of them or those with a given topping. Works for everyone; " +
      "for a signed-in person it also says where they ordered before.",
    access: mixed("orders:read"),
    widget,
    input: z.strictObject({
      searchTerm: z.string().trim().max(200).optional().describe('A topping, such as "pepperoni".'),
    }),
    output: z.object({
      pizzaTopping: z.string().describe("The topping that was searched for, or an empty string."),
      places: z.array(PlaceOutput),
      signedIn: z.boolean(),
    }),
    invoking: "Looking for pizza",
    invoked: "Found pizza spots",
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
    async run({ searchTerm = "" }, { caller }) {
      const found = placesWith(searchTerm);
      const visited = caller ? await visitedBy(caller, orders) : NOWHERE;
      const places = (found.length > 0 ? found : PLACES).map((place) => ({
        ...place,
        map: mapOf(place),
        toppings: [...place.toppings],
        ...(visited?.has(place.name) && { orderedBefore: true as const }),
      }));
      const data = { pizzaTopping: searchTerm, places, signedIn: caller !== undefined };
      const text = describe(searchTerm, found.length, places);
      return { data, text: visited ? text : `${text}\n${UNREACHABLE}` };
    },
  });
}

/** Names of restaurants, or nothing while the orders cannot be reached; their store has told the operator why. */
async function visitedBy(owner: Owner, orders: OrderStore): Promise<ReadonlySet<string> | undefined> {
  try {
    return await orders.restaurants(owner);
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

/** A map of the neighborhood, since no map knows a place that is invented. */
function mapOf({ neighborhood }: Place): string {
  return `${MAPS}/search?${new URLSearchParams({ query: `${neighborhood}, San Francisco` })}`;
}

function describe(
  topping: string,
  found: number,
  places: readonly (Place & { orderedBefore?: true })[],
): string {
  const headline = topping === ""
    ? `All ${places.length} pizza spots in San Francisco:`
    : found > 0
    ? `${found} pizza ${found === 1 ? "spot" : "spots"} in San Francisco with ${topping}:`
    : `No pizza spot in San Francisco has ${topping}; here are all ${places.length}:`;
  const lines = places.map(({ name, neighborhood, rating, price, toppings, orderedBefore }) =>
    `- ${name} (${neighborhood}), ${rating} stars, ${price}, ${toppings.join(", ")}${
      orderedBefore ? "; ordered here before" : ""
    }`
  );
  return [headline, ...lines].join("\n");
}
