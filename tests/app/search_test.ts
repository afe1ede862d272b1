import { DatabaseSync } from "node:sqlite";
import assert from "node:assert/strict";
import { createApp } from "./create_app.ts";
import { ask, createTestServer, ERAS, openTestOrders, type RpcOptions, toolCall } from "./support.ts";

interface Place {
  readonly name: string;
  readonly toppings: readonly string[];
  readonly rating: number;
  readonly price: string;
  readonly orderedBefore?: true;
}

const { server, issuer } = await createTestServer();

async function search(args: Record<string, unknown>, options: RpcOptions = {}) {
  const answers = await Promise.all(ERAS.map(async (era) => {
    const { body } = await ask(server, toolCall(era, "search_pizza_sf", args, options));
    const { structuredContent = {}, content = [], isError } = body.result ?? {};
    return {
      ...structuredContent,
      isError,
      text: content[0]?.text ?? "",
      places: (structuredContent["places"] ?? []) as Place[],
    };
  }));
  assert.deepEqual(answers[0], answers[1], "both eras alike");
  return answers[0]! as typeof answers[0] & { pizzaTopping?: string; signedIn?: boolean };
}

Deno.test("a search without a term shows every place", async () => {
  const { pizzaTopping, places, signedIn, text } = await search({});
  assert.equal(pizzaTopping, "");
  assert.equal(signedIn, false);
  assert.ok(places.length >= 10);
  assert.equal(new Set(places.map(({ name }) => name)).size, places.length);
  for (const { name, rating, price } of places) {
    assert.ok(rating >= 0 && rating <= 5 && /^\${1,3}$/.test(price));
    assert.ok(text.includes(name), `${name} is missing in the words (UI-07)`);
  }
});

Deno.test("a search for a topping shows the places that have it, in any case, spaces trimmed", async () => {
  for (const searchTerm of ["pepperoni", "  PepperONI ", "peppero"]) {
    const { pizzaTopping, places, text } = await search({ searchTerm });
    assert.equal(pizzaTopping, searchTerm.trim());
    assert.equal(places.length, 3);
    assert.ok(places.every(({ toppings }) => toppings.includes("pepperoni")));
    assert.match(text, new RegExp(searchTerm.trim()));
  }
});

Deno.test("a topping that nobody has shows every place, and says so", async () => {
  const { pizzaTopping, places, text } = await search({ searchTerm: "gravel" });
  assert.equal(pizzaTopping, "gravel");
  assert.equal(places.length, (await search({})).places.length);
  assert.match(text, /No pizza spot .* has gravel; here are all/);
});

Deno.test("a signed-in person sees where they ordered before, an anonymous one does not (MIX-02)", async () => {
  const anonymous = await search({});
  assert.ok(anonymous.places.every(({ orderedBefore }) => orderedBefore === undefined));
  const known = await search({}, { token: await issuer.token() });
  assert.equal(known.signedIn, true);
  const before = known.places.filter(({ orderedBefore }) => orderedBefore).map(({ name }) => name);
  const { body } = await ask(
    server,
    toolCall("legacy", "see_past_orders", {}, { token: await issuer.token() }),
  );
  const orders = body.result?.structuredContent?.["orders"] as { restaurantName: string }[];
  assert.deepEqual(before.sort(), [...new Set(orders.map(({ restaurantName }) => restaurantName))].sort());
});

Deno.test("while orders cannot be reached a signed-in person finds pizza, and is told what is missing", async () => {
  const causes: string[] = [];
  const database = new DatabaseSync(":memory:");
  const { orders } = await openTestOrders({ sqlite: database, onFailure: (cause) => causes.push(cause) });
  const { server, issuer } = await createTestServer({ app: createApp({ orders }) });
  database.close();
  const { body } = await ask(
    server,
    toolCall("legacy", "search_pizza_sf", { searchTerm: "clam" }, { token: await issuer.token() }),
  );
  const { isError, structuredContent = {}, content } = body.result ?? {};
  assert.equal(isError, undefined);
  assert.equal(structuredContent["signedIn"], true);
  assert.deepEqual((structuredContent["places"] as Place[]).map(({ name }) => name), ["Richmond Tide"]);
  assert.match(content?.[0]?.text ?? "", /Richmond Tide[^]*Past orders cannot be reached right now/);
  assert.equal(causes.length, 1, "the operator learns why");
});

/** Arguments that do not fit, and what the model is told about them. */
const WRONG: Record<string, [args: Record<string, unknown>, says: RegExp]> = {
  "a term of 201 letters": [
    { searchTerm: "x".repeat(201) },
    /^searchTerm must be text of at most 200 characters\.$/,
  ],
  "a term that is a number": [{ searchTerm: 5 }, /^searchTerm must be text\.$/],
  "a term that is null": [{ searchTerm: null }, /^searchTerm must be text\.$/],
  "a term that is a list": [{ searchTerm: ["clam"] }, /^searchTerm must be text\.$/],
  "a misspelt argument": [{ searchterm: "clam" }, /^The only arguments are searchTerm\.$/],
  "an argument that is a prototype": [
    JSON.parse('{"constructor":{"prototype":1}}'),
    /^The only arguments are searchTerm\.$/,
  ],
};

for (const [what, [args, says]] of Object.entries(WRONG)) {
  Deno.test(`a search with ${what} is a tool error that says what to change (TOOL-09, TOOL-10)`, async () => {
    const { isError, text, places } = await search(args);
    assert.equal(isError, true);
    assert.match(text, says);
    assert.deepEqual(places, []);
  });
}

Deno.test("a term of 200 letters, of other scripts, or of markup is echoed as it is (TRN-24)", async () => {
  for (
    const searchTerm of [
      "x".repeat(200),
      "蘑菇 🍄",
      "<img src=x onerror=alert(1)>",
      "'; DROP TABLE orders; --",
    ]
  ) {
    assert.equal((await search({ searchTerm })).pizzaTopping, searchTerm);
  }
});

Deno.test("host hints, known or garbage, are tolerated (OAI-18)", async () => {
  const garbage = {
    "openai/locale": 7,
    "openai/userLocation": null,
    "openai/subject": ["x"],
    "openai/session": {},
  };
  const { places, isError } = await search({}, { meta: garbage });
  assert.ok(places.length > 0 && isError === undefined);
});
