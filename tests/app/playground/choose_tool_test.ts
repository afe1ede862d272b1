import assert from "node:assert/strict";
import { chooseTool } from "../../../src/dev/playground/client/choose_tool.ts";
import { createTools } from "../../../src/app/mod.ts";
import { playground } from "../../../src/app/playground.ts";
import { openTestOrders } from "../support.ts";

type Tools = Parameters<typeof chooseTool>[0];
const { orders } = await openTestOrders();
const tools = createTools({ orders, now: Date.now, randomUUID: () => crypto.randomUUID() }).map((
  { descriptor },
) => descriptor) as unknown as Tools;
const choose = (text: string) => {
  const choice = chooseTool(tools, text);
  return choice && [choice.tool.name, choice.args];
};

Deno.test("every ready prompt finds its tool", () => {
  assert.deepEqual(playground.prompts.map(choose), [
    ["search_pizza_sf", { searchTerm: "pepperoni" }],
    ["see_past_orders", {}],
  ]);
});

Deno.test("what people and widgets say finds the tool they mean", () => {
  assert.deepEqual(choose("mushroom pizza please"), ["search_pizza_sf", { searchTerm: "mushroom" }]);
  assert.deepEqual(choose("Find pizza"), ["search_pizza_sf", {}]);
  assert.equal(
    choose("Please sign me in, so that I can see where I ordered pizza before.")?.[0],
    "see_past_orders",
  );
  assert.equal(choose("Show my older pizza orders.")?.[0], "see_past_orders");
  assert.equal(choose("what is the weather like?"), undefined);
});

Deno.test("a tool that changes something is marked, so that only the person calls it", () => {
  const choice = chooseTool(tools, "reorder pizza, order again");
  assert.deepEqual([choice?.tool.name, choice?.changes], ["reorder_pizza", true]);
});
