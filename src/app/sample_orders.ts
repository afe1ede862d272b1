import type { Owner, StoredOrder } from "./orders.ts";

type Meal = Pick<StoredOrder, "restaurantName" | "location" | "totalCents" | "items">;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** What became of each order, the newest first. */
const PAST = [
  { status: "preparing", age: 25 * MINUTE_MS },
  { status: "delivered", age: 6 * DAY_MS },
  { status: "refunded", age: 19 * DAY_MS },
  { status: "delivered", age: 47 * DAY_MS },
] as const;
/** From the pizzerias of `places.ts`; a prime number of them, so that steps of any width meet no meal twice. */
const MEALS: readonly Meal[] = [
  meal("Fogline Pizza Works", "Judah Street", 2650, "Cup-and-char pepperoni", "Blood orange soda"),
  meal("Castro Margherita Club", "18th Street", 3120, "Margherita", "Little gem salad"),
  meal("Richmond Tide", "Clement Street", 2900, "Clam pie"),
  meal("Dolores Dough", "Dolores Park, south end", 3875, "Forest mushroom", "Garlic knots", "Lemonade"),
  meal("Lantern Oven", "Waverly Place", 3325, "Char siu and scallion", "Chrysanthemum tea"),
  meal("Cable Car Slices", "California Street", 1450, "Two sausage slices", "Root beer"),
  meal("Bernal Blanca", "Cortland Avenue", 2400, "Ricotta, garlic and lemon"),
  meal("North Beach Nonna", "Columbus Avenue", 2825, "Anchovy and caper", "Espresso"),
  meal("Excelsior Fuego", "Mission Street", 2275, "Chorizo and pineapple", "Horchata"),
  meal("Hayes Green Table", "Octavia Boulevard", 2750, "Zucchini and basil", "Cashew cheesecake"),
  meal("Dogpatch Deep", "Third Street", 3600, "Deep dish pepperoni"),
];

/**
 * A few orders of the last weeks, the newest first; the same person has always had the same meals.
 *
 * @param now Milliseconds since the epoch.
 */
export function sampleOrders(owner: Owner, now: number, randomUUID: () => string): StoredOrder[] {
  const taste = hash(`${owner.issuer} ${owner.subject}`);
  const step = 1 + taste % (MEALS.length - 1);
  return PAST.map(({ status, age }, index) => ({
    ...MEALS[(taste + index * step) % MEALS.length]!,
    ...{ orderId: randomUUID(), status, placedAt: now - age },
  }));
}

function meal(restaurantName: string, location: string, totalCents: number, ...items: string[]): Meal {
  return { restaurantName, location, totalCents, items };
}

/** The same number for the same text (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}
