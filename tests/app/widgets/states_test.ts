import assert from "node:assert/strict";
import { nextPage } from "./next_page.ts";
import { sample } from "./sample.ts";
import { widgetTest } from "./widget_page.ts";

/** Words that each state must show, by widget and sample. */
const expected: Record<string, Record<string, string[]>> = {
  "mixed-auth-search": {
    loading: ["Looking for pizza…"],
    result: ["Corner Dough", "Rated 4.8", "Mission · $$", "3 places with pepperoni", "You ordered here"],
    anonymous: ["Fogline Slices", "Sign in to see where you ordered before"],
    "no match": ["6 places: none has durian, so here are all of them"],
    empty: ["No pizza places found"],
    "no data": ["No pizza places found"],
    cancelled: ["The search was cancelled"],
    error: ["The search did not work", "Wait 20 seconds"],
    "signed out": ["Sign in to search", "Sign in"],
  },
  "mixed-auth-past-orders": {
    loading: ["Fetching your orders…"],
    result: [
      "4 orders",
      "Corner Dough",
      "Preparing",
      "Delivered",
      "Refunded",
      "$46.75",
      "Noe Valley",
      "3 days ago",
    ],
    empty: ["No orders yet"],
    // Not behind the other list, whose last page would stay open.
    plain: ["2 × Mushroom slice"],
    "no data": ["No orders yet"],
    cancelled: ["Your orders were not fetched"],
    error: ["Your orders could not be fetched", "Wait 20 seconds"],
    "signed out": ["Sign in to see your orders", "Sign in"],
  },
};

const options = { capabilities: { message: {} }, context: { locale: "en-US" } };

widgetTest("each widget shows each state that a host can bring it into (VIEW-07, VIEW-17)", async (open) => {
  for (const [name, states] of Object.entries(expected)) {
    const widget = await open(name, options);
    for (const [state, words] of Object.entries(states)) {
      await widget.send(...sample(name, state));
      await widget.frame.getByText(words[0] ?? "").first().waitFor();
      let shown = "";
      do shown += (await widget.frame.innerText("main")).replaceAll(/\s+/g, " "); while (
        await nextPage(widget)
      );
      for (const word of words) assert.ok(shown.includes(word), `${name}, ${state}: ${word} in ${shown}`);
      assert.equal(await widget.frame.locator("[aria-busy=true]").count(), state === "loading" ? 1 : 0);
    }
    await widget.close();
  }
});

widgetTest("the topping that was searched for is marked, on the places that have it", async (open) => {
  const widget = await open("mixed-auth-search", options);
  await widget.send(...sample("mixed-auth-search", "result"));
  assert.deepEqual(await widget.frame.locator(".found strong").allInnerTexts(), [
    "pepperoni",
    "pepperoni",
    "pepperoni",
  ]);
  await widget.close();
});

widgetTest(
  "orders stand under their month, dated in the host's language and time zone (VIEW-09)",
  async (open) => {
    const context = { locale: "de-DE", timeZone: "Asia/Tokyo" };
    const widget = await open("mixed-auth-past-orders", { context });
    const order = { orderId: "1", restaurantName: "Corner Dough", placedAt: "2020-03-31T22:00:00Z" };
    await widget.send({
      method: "ui/notifications/tool-result",
      params: { content: [], structuredContent: { orders: [order] } },
    });
    assert.equal(await widget.frame.innerText("h2"), "April 2020");
    const time = widget.frame.locator("time");
    assert.match(await time.innerText(), /vor \d+ Jahren\s+01\.04\.2020, 07:00/);
    assert.equal(await time.getAttribute("lang"), "de-DE");
    await widget.send({ method: "ui/notifications/host-context-changed", params: { theme: "dark" } });
    assert.match(await time.innerText(), /01\.04\.2020, 07:00/, "an update keeps what it leaves out");
    await widget.close();
  },
);

widgetTest(
  "markup, endless, missing and mistyped data is plain text that breaks nothing (VIEW-13)",
  async (open) => {
    for (const name of ["mixed-auth-search", "mixed-auth-past-orders"]) {
      const widget = await open(name, { ...options, width: 320 });
      await widget.send(...sample(name, "hostile"));
      const { frame } = widget;
      assert.match(await frame.innerText("main"), /<img src=x onerror=/);
      assert.equal(await frame.locator("img, b, i").count(), 0);
      assert.doesNotMatch(await frame.innerText("main"), /undefined|null|NaN|\[object|Invalid/);
      const overflow = await frame.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(overflow, 0, `${name} does not scroll sideways`);
      await widget.close();
    }
  },
);

widgetTest("prices and states stay whole on the narrowest screen", async (open) => {
  const capabilities = { serverTools: {}, message: {} };
  const widget = await open("mixed-auth-past-orders", { ...options, capabilities, width: 320 });
  await widget.send(...sample("mixed-auth-past-orders", "result"));
  const lines: unknown[][] = [];
  do {
    const orders = await widget.frame.locator(".order").count();
    assert.equal(await widget.frame.getByRole("button", { name: "Reorder" }).count(), orders);
    lines.push(
      ...await widget.frame.locator(".total, .status > span").evaluateAll((elements) =>
        elements.map((element) => {
          const words = document.createRange();
          words.selectNodeContents(element);
          return [element.textContent, new Set([...words.getClientRects()].map(({ top }) => top)).size];
        })
      ),
    );
  } while (await nextPage(widget));
  assert.equal(lines.length, 8);
  assert.deepEqual(lines.filter(([, count]) => count !== 1), []);
  await widget.close();
});
