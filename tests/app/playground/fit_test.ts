import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { overflowOf, withHostileResults } from "../../playground/hostile_results.ts";
import { type Playground, playgroundTest } from "./page.ts";

async function assertWidgetsFit({ page, ask, signIn, widget }: Playground): Promise<Frame> {
  await ask("Find pepperoni pizza");
  const search = await widget("Fogline Pizza Works");
  await ask("Show my past orders");
  await signIn("Connect");
  const orders = await widget("Preparing");
  for (const frame of [search, search.parentFrame(), orders, orders.parentFrame()]) {
    assert.ok(frame);
    assert.equal(await overflowOf(frame), "fits", `${frame.url()} at ${page.viewportSize()?.width} pixels`);
  }
  return search;
}

for (const width of [320, 600, 1200]) {
  playgroundTest(
    `no widget scrolls in its frame, ${width} pixels wide (issue 8, part 3)`,
    async (playground) => void await assertWidgetsFit(playground),
    { width },
  );
  playgroundTest(
    `no widget scrolls in its frame whatever texts it gets, ${width} pixels wide (issue 8, part 3)`,
    async (playground) => {
      const search = await assertWidgetsFit(playground);
      assert.match(await search.innerText("body"), /W{100}/, "the texts are the long ones");
    },
    { width, serve: { change: withHostileResults } },
  );
}
