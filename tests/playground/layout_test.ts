import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { overflowOf, withHostileResults } from "./hostile_results.ts";
import { type Playground, playgroundTest } from "./page.ts";

async function assertWidgetsFit({ page, ask, signIn, widget }: Playground): Promise<void> {
  await ask("Search notes for rules");
  const search = await widget("House rules");
  await ask("List my notes");
  await signIn("Connect");
  const notes = await widget("Ask Babbage");
  assert.match(await search.innerText("body"), /W{100}/, "the texts are the long ones");
  for (const frame of [search, search.parentFrame(), notes, notes.parentFrame()]) {
    assert.ok(frame);
    assert.equal(await overflowOf(frame), "fits", `${frame.url()} at ${page.viewportSize()?.width} pixels`);
  }
}

for (const width of [320, 600, 1200]) {
  playgroundTest(
    `no widget scrolls in its frame whatever texts it gets, ${width} pixels wide (issue 8, part 3)`,
    assertWidgetsFit,
    { width, serve: { change: withHostileResults } },
  );
}

const PROMPTS = Array.from({ length: 12 }, (_, index) => `List my notes, number ${index + 1}`);
const heightOf = async (page: Page, selector: string) =>
  (await page.locator(selector).boundingBox())?.height ?? assert.fail(`${selector} is not there`);

playgroundTest(
  "many prompts are one scrolling row, which leaves most of a narrow page to the conversation",
  async ({ page }) => {
    const tops = await page.locator(".chip").evaluateAll((chips) =>
      chips.map((chip) => chip.getBoundingClientRect().top)
    );
    assert.equal(new Set(tops).size, 1);
    assert.ok(await heightOf(page, ".thread") > 640 / 2);
    await page.getByRole("button", { name: PROMPTS.at(-1)!, exact: true }).click();
    await page.getByRole("article").waitFor();
  },
  { width: 360, height: 640, serve: { prompts: PROMPTS } },
);

playgroundTest(
  "at 400 % zoom the page scrolls, and everything on it can be read and reached",
  async ({ page, ask, signIn, widget }) => {
    const assertFlows = async (state: string) => {
      for (const selector of [".thread", ".panel:not([hidden])"]) {
        for (const part of await page.locator(selector).all()) {
          const hidden = await part.evaluate((element) => element.scrollHeight - element.clientHeight);
          assert.equal(hidden, 0, `${selector} hides nothing in the state ${state}`);
        }
      }
      const sideways = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      assert.equal(sideways, 0, state);
    };
    await assertFlows("introduction");
    await ask("List my notes");
    await assertFlows("challenged");
    await signIn("Connect");
    await widget("Ask Babbage");
    await assertFlows("notes");
    const last = page.locator("article").last();
    const below = await page.locator(".foot").evaluate((foot) => foot.getBoundingClientRect().top);
    assert.ok(await last.evaluate((card) => card.getBoundingClientRect().bottom) <= below);
    await page.getByRole("button", { name: "Inspect" }).click();
    await assertFlows("inspector");
  },
  { width: 320, height: 256 },
);

for (const width of [360, 1200]) {
  playgroundTest(
    `answers are as wide as the composer, ${width} pixels wide`,
    async ({ page, ask, widget }) => {
      await ask("Search notes for rules");
      await widget("House rules");
      const edges = (selector: string) =>
        page.locator(selector).evaluate((element) => {
          const { left, right } = element.getBoundingClientRect();
          return { left, right };
        });
      assert.deepEqual(await edges("article"), await edges(".composer"));
      const scrollbar = await page.locator(".thread").evaluate((thread) =>
        thread instanceof HTMLElement && thread.offsetWidth - thread.clientWidth
      );
      assert.ok(scrollbar, "the conversation has a scrollbar that takes room");
    },
    { width },
  );
}

playgroundTest(
  "a long name leaves the bar to the name of the app, and is whole in the menu",
  async ({ page }) => {
    const name = `Wolfeschlegelsteinhausenbergerdorff ${"Maximiliane ".repeat(2)}`.trim();
    const opened = page.waitForEvent("popup");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const popup = await opened;
    await popup.getByRole("radio", { name: "Someone else" }).check();
    await popup.getByRole("textbox", { name: "Name" }).fill(name);
    await popup.getByRole("button", { name: "Allow" }).click();
    const account = page.getByRole("button", { name: `Signed in as ${name}` });
    await account.waitFor();
    assert.ok((await account.boundingBox())!.width < 1200 / 5);
    assert.ok(await page.locator(".app-name").evaluate((e) => e.scrollWidth <= e.clientWidth));
    await account.click();
    assert.ok((await page.locator(".menu").innerText()).includes(name));
    assert.ok(await page.locator(".menu").evaluate((e) => e.scrollWidth <= e.clientWidth));
  },
);

playgroundTest(
  "forced colours show which segment and tab is chosen, and that the outage is on",
  async ({ page }) => {
    const backgroundOf = (selector: string) =>
      page.locator(selector).first().evaluate((element) => {
        const { backgroundColor, color } = getComputedStyle(element);
        return [backgroundColor, color];
      });
    assert.notDeepEqual(
      await backgroundOf(".segments label:has(:checked)"),
      await backgroundOf(".segments label:not(:has(:checked))"),
    );
    assert.notDeepEqual(
      await backgroundOf('[role="tab"][aria-selected="true"]'),
      await backgroundOf('[role="tab"][aria-selected="false"]'),
    );
    const chosen = await backgroundOf('[role="tab"][aria-selected="true"]');
    assert.notEqual(chosen[0], chosen[1], "its words can be read");
    const outage = page.getByRole("button", { name: "Authorization server down" });
    const off = await backgroundOf("[aria-pressed]");
    await outage.click();
    await page.locator('[aria-pressed="true"]').waitFor();
    await page.mouse.move(0, 0);
    assert.notDeepEqual(await backgroundOf("[aria-pressed]"), off);
  },
  { forcedColors: "active" },
);

playgroundTest(
  "what a fault button has done can be read beside it on a narrow page",
  async ({ page }) => {
    await page.getByRole("button", { name: "Inspect" }).click();
    await page.getByRole("button", { name: "Rotate keys" }).click();
    await page.getByText("New tokens are signed with a new key.").waitFor();
  },
  { width: 360 },
);
