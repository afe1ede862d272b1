import assert from "node:assert/strict";
import { samples } from "../../../widgets/samples.ts";
import { assertAccessibleInBothThemes } from "../../ui/both_themes.ts";
import { sample } from "./sample.ts";
import { type OpenWidget, widgetTest } from "./widget_page.ts";

widgetTest("axe finds nothing to object to in any state, light or dark (VIEW-18)", async (open) => {
  for (const [name, states] of Object.entries(samples())) {
    const widget = await open(name, { capabilities: { serverTools: {}, message: {} } });
    for (const [state, messages] of Object.entries(states)) {
      await widget.send(...messages);
      await assertAccessibleInBothThemes(widget, `${name}, ${state}`);
    }
    await widget.close();
  }
});

widgetTest("the carousel is driven by keyboard alone, and its buttons say where it ends", async (open) => {
  const widget = await open("mixed-auth-search", { capabilities: { message: {} }, width: 360 });
  await widget.page.emulateMedia({ reducedMotion: "reduce" });
  await widget.send(...sample("mixed-auth-search", "no match"));
  const { keyboard } = widget.page;
  const previous = widget.frame.getByRole("button", { name: "Previous places" });
  const next = widget.frame.getByRole("button", { name: "Next places" });
  await next.waitFor();
  assert.equal(await previous.getAttribute("aria-disabled"), "true");

  await next.focus();
  await keyboard.press("Enter");
  await leftmost(widget, 1);
  await keyboard.press("Tab");
  assert.equal(await widget.frame.evaluate(() => document.activeElement?.ariaLabel), "Pizza places");
  await keyboard.press("ArrowRight");
  await leftmost(widget, 2);
  await keyboard.press("ArrowLeft");
  await leftmost(widget, 1);
  await keyboard.press("End");
  await widget.frame.locator('[aria-label="Next places"][aria-disabled="true"]').waitFor();
  await keyboard.press("Home");
  await leftmost(widget, 0);
  await widget.close();
});

widgetTest("steps that follow each other while the carousel still moves are all made (9.3)", async (open) => {
  const widget = await open("mixed-auth-search", { width: 360 });
  await widget.send(...sample("mixed-auth-search", "no match"));
  await widget.frame.locator(".carousel").focus();
  // In one task, so that none of the scrolling is over.
  await widget.frame.locator(".carousel").evaluate((list) => {
    for (let step = 0; step < 3; step++) {
      list.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    }
  });
  await leftmost(widget, 3);
  await widget.close();
});

widgetTest("the buttons of the carousel are there only when the cards do not fit", async (open) => {
  const widget = await open("mixed-auth-search", { width: 1200 });
  await widget.send(...sample("mixed-auth-search", "anonymous"));
  assert.equal(await widget.frame.getByRole("button").count(), 0);
  await widget.page.setViewportSize({ width: 320, height: 600 });
  await widget.frame.getByRole("button", { name: "Next places" }).waitFor();
  await widget.close();
});

widgetTest("an order is placed again by keyboard alone", async (open) => {
  const widget = await open("mixed-auth-past-orders", { capabilities: { serverTools: {} } });
  await widget.send(...sample("mixed-auth-past-orders", "result"));
  const focused = widget.frame.locator("button:focus");
  do {
    await widget.page.keyboard.press("Tab");
    await focused.waitFor();
  } while (await focused.innerText() !== "Reorder");
  await widget.page.keyboard.press("Space");
  await widget.frame.locator(".order").first().getByText("Ordered again").waitFor();
  await widget.close();
});

widgetTest("nothing moves for people who asked for less motion", async (open) => {
  const widget = await open("mixed-auth-past-orders");
  const running = () => widget.frame.evaluate(() => document.getAnimations().length);
  assert.ok(await running() > 0, "the skeleton shines otherwise");
  await widget.page.emulateMedia({ reducedMotion: "reduce" });
  assert.equal(await running(), 0);
  await widget.close();
});

/** Waits until the card with this index is the first visible one. */
async function leftmost({ frame }: OpenWidget, index: number): Promise<void> {
  await frame.waitForFunction((wanted) => {
    const cards = Array.from(
      document.querySelectorAll(".place"),
      (card) => card.getBoundingClientRect().left,
    );
    return cards.findIndex((left) => left >= 0) === wanted;
  }, index);
}
