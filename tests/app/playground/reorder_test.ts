import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { playgroundTest } from "./page.ts";

const PAST_ORDERS = "Show my past orders";

playgroundTest(
  "an order placed again, once that was allowed, is on top after the page was loaded anew",
  async ({ page, ask, waitFor, signIn, widget }) => {
    await ask(PAST_ORDERS);
    await signIn("Connect");
    const before = await widget("Preparing");
    const cards = before.locator(".order");
    const count = await orderCount(before);
    const restaurant = await cards.last().locator("h3").innerText();
    await cards.last().getByRole("button", { name: "Reorder" }).click();
    await waitFor("challenged");
    await signIn("Allow");
    await waitFor("done");
    await cards.last().getByText("Ordered again").waitFor();

    await page.reload();
    // The page keeps its tokens in memory only, so the person signs in again.
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await ask(PAST_ORDERS);
    await waitFor("challenged");
    await signIn("Connect");
    const after = await widget("Preparing");
    assert.equal(await orderCount(after), count + 1);
    const newest = await after.locator(".order").first().innerText();
    assert.match(newest, new RegExp(`${restaurant}[^]*(this|1) minute[^]*Preparing`));
  },
);

/** How many orders there are, on all pages of the widget together. */
async function orderCount(widget: Frame): Promise<number> {
  const summary = await widget.locator(".summary").innerText();
  return Number(/(\d+) orders?$/.exec(summary)?.[1]);
}
