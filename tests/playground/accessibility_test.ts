import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { assertAccessible, CONTRAST } from "../axe.ts";
import { type Playground, playgroundTest } from "./page.ts";

/** Asserts that axe has nothing to object to in any document of the page. */
async function assertPageAccessible(
  page: Page,
  state: string,
  rules: readonly string[] | undefined,
): Promise<void> {
  // The sandbox's own page holds nothing but the frame of the widget.
  const documents = page.frames().filter((frame) => !frame.url().includes("/playground/sandbox"));
  for (const frame of documents) await assertAccessible(frame, state, rules);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.equal(overflow, 0, `${state} does not scroll sideways`);
}

/** Brings the page into each state that a person can see, and checks each. */
async function walk(
  { page, ask, waitFor, signIn, widget }: Playground,
  rules?: readonly string[],
): Promise<void> {
  const check = (state: string) => assertPageAccessible(page, state, rules);
  const inspect = page.getByRole("button", { name: "Inspect" });
  const chat = page.getByRole("button", { name: "Chat", exact: true });
  const openPanel = async (name: string) => {
    if (await inspect.isVisible()) await inspect.click();
    await page.getByRole("tab", { name }).click();
  };
  await check("introduction");
  await ask("Search notes for rules");
  await widget("House rules");
  await check("search");
  await ask("List my notes");
  await waitFor("challenged");
  await page.getByText("What just happened").click();
  await page.locator(".json summary").last().click();
  await check("challenged");
  const opened = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Connect" }).click();
  const popup = await opened;
  await waitFor("signing-in");
  await check("signing in");
  const closed = popup.waitForEvent("close");
  await page.getByRole("button", { name: "Cancel" }).click();
  await closed;
  await waitFor("challenged");
  await signIn("Connect");
  await widget("Ask Babbage");
  await page.getByRole("button", { name: "Signed in as Ada" }).click();
  await check("account menu");
  await page.keyboard.press("Escape");

  await openPanel("Host");
  await page.getByRole("radio", { name: "1200" }).check();
  await page.getByRole("button", { name: "Expire my token now" }).click();
  await page.getByRole("button", { name: "Authorization server down" }).click();
  await page.getByRole("button", { name: "Authorization server down", pressed: true }).waitFor();
  await check("host panel");
  await openPanel("Tools");
  for (const tool of await page.locator(".tool summary").all()) await tool.click();
  await check("tools panel");
  await openPanel("Wire");
  for (const exchange of await page.locator(".wire summary").all()) await exchange.click();
  await check("wire panel");
  if (await chat.isVisible()) await chat.click();
  await ask("List my notes");
  await waitFor("failed");
  await check("failed");
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [360, 1200]) {
    playgroundTest(
      `axe finds nothing to object to in any state, ${colorScheme} and ${width} pixels wide`,
      (playground) => walk(playground, colorScheme === "dark" ? CONTRAST : undefined),
      { colorScheme, width },
    );
  }
}

/** Presses a key until the element with this name has the focus. */
async function tabTo(page: Page, name: string, key = "Tab"): Promise<void> {
  for (let step = 0; step < 60; step++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      return element?.ariaLabel ?? element?.innerText ?? "";
    });
    if (focused.trim() === name) return;
    await page.keyboard.press(key);
  }
  assert.fail(`${key} does not lead to ${name}`);
}

playgroundTest(
  "the keyboard alone leads from a prompt over sign-in to the notes",
  async ({ page, waitFor, widget }) => {
    await tabTo(page, "List my notes");
    await page.keyboard.press("Enter");
    await waitFor("challenged");

    const opened = page.waitForEvent("popup");
    await tabTo(page, "Connect", "Shift+Tab");
    await page.keyboard.press("Enter");
    const popup = await opened;
    await popup.getByRole("radio", { name: "Ada" }).waitFor();
    await tabTo(popup, "Allow");
    const closed = popup.waitForEvent("close");
    await popup.keyboard.press("Enter");
    await closed;

    await waitFor("done");
    await widget("Ask Babbage");
    // What had the focus is gone, so the card has it: the next Tab goes on from there.
    assert.equal(await page.evaluate(() => document.activeElement?.ariaLabel), "Call of list_notes");
  },
);

playgroundTest("the keyboard alone turns the tabs and the switches", async ({ page }) => {
  await tabTo(page, "Host");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.getByRole("tab", { name: "Wire" }).getAttribute("aria-selected"), "true");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.getByRole("radio", { name: "Generic" }).isChecked());
});
