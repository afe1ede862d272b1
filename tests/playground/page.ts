import assert from "node:assert/strict";
import type { Browser, Frame, Page } from "playwright-core";
import { chromiumAvailable, sharedChromium } from "../chromium.ts";
import { builtClient, type Served, serveDevelopment, type ServeOptions } from "./served.ts";

/** The playground in real Chromium, driven as a person would. */
export interface Playground {
  readonly page: Page;
  readonly served: Served;
  /** Sets a switch of the host panel. */
  choose(option: string): Promise<void>;
  /** Clicks a ready prompt and waits for its answer. */
  ask(prompt: string): Promise<void>;
  /** The newest call card in a state: `done`, `challenged` or `failed`. */
  waitFor(state: string): Promise<void>;
  /** Clicks a button that opens the sign-in window, and answers there. */
  signIn(button: string, options?: { person?: string; decision?: "Allow" | "Deny" }): Promise<void>;
  /** The document of the newest widget that shows this text. */
  widget(text: string): Promise<Frame>;
  /** What the page says about the last action. */
  notice(): Promise<string>;
}

/** How the browser is set up. */
export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  readonly forcedColors?: "active";
  /** What is served. */
  readonly serve?: ServeOptions;
  /** The test breaks the widget's policy on purpose. */
  readonly expectsViolations?: boolean;
}

const chromium = sharedChromium();
const notBuilt = chromiumAvailable && await builtClient() === undefined;

/** A browser test, ignored where this run may not start a browser, or the page is not built. At its end nothing may have broken a policy or thrown. */
export function playgroundTest(
  name: string,
  use: (playground: Playground) => Promise<void>,
  options: PageOptions = {},
): void {
  Deno.test({
    name: notBuilt ? `${name} (run \`deno task build\` first)` : name,
    ignore: !chromiumAvailable || notBuilt,
    async fn() {
      await using served = await serveDevelopment(options.serve);
      const browser = await chromium();
      try {
        await open(browser, served, options, use);
      } finally {
        for (const context of browser.contexts()) await context.close();
      }
    },
  });
}

async function open(
  browser: Browser,
  served: Served,
  { width = 1200, height = 900, colorScheme = "light", forcedColors, expectsViolations = false }: PageOptions,
  use: (playground: Playground) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
    ...(forcedColors && { forcedColors }),
  });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // Statuses such as 401 are the subject of these tests, and Chromium reports each as an error.
    const expected = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !expected) complaints.push(message.text());
  });
  await page.goto(`${served.origin}/playground`);
  await use(playgroundOf(page, served));
  if (!expectsViolations) assert.deepEqual(complaints, []);
}

function playgroundOf(page: Page, served: Served): Playground {
  const waitFor = async (state: string) => {
    await page.locator(`.thread article:last-of-type[data-state="${state}"]`).waitFor();
  };
  return {
    page,
    served,
    waitFor,
    choose: (option) => page.getByRole("radio", { name: option, exact: true }).check(),
    async ask(prompt) {
      const cards = page.getByRole("article");
      const before = await cards.count();
      await page.getByRole("button", { name: prompt }).click();
      await cards.nth(before).waitFor();
      await page.locator('article[data-state="running"]').waitFor({ state: "detached" });
    },
    async signIn(button, { person = "Ada", decision = "Allow" } = {}) {
      const opened = page.waitForEvent("popup");
      await page.getByRole("button", { name: button, exact: true }).click();
      const popup = await opened;
      await popup.getByRole("radio", { name: person }).check();
      const closed = popup.waitForEvent("close");
      await popup.getByRole("button", { name: decision }).click();
      await closed;
      await page.locator('article[data-state="running"]').waitFor({ state: "detached" });
    },
    async widget(text) {
      const frames = page.locator("iframe.widget").last().contentFrame().frameLocator("iframe");
      await frames.getByText(text).first().waitFor();
      const handle = await frames.owner().elementHandle();
      return await handle?.contentFrame() ?? assert.fail("the widget has no document");
    },
    notice: () => page.locator(".notice").innerText(),
  };
}
