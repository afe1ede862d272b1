import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { assertAccessible, CONTRAST } from "../axe.ts";
import { chromiumAvailable, sharedChromium } from "../chromium.ts";
import { createTestServer, type TestServer } from "../support.ts";

const chromium = sharedChromium();

/** Runs `play` with a browser and the address of a server that listens. */
async function withStage(play: (browser: Browser, origin: string) => Promise<void>): Promise<void> {
  const made = Promise.withResolvers<TestServer>();
  await using listener = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => await (await made.promise).fetch(request),
  );
  const origin = `http://127.0.0.1:${listener.addr.port}`;
  made.resolve((await createTestServer({ resource: `${origin}/mcp` })).server);
  const browser = await chromium();
  try {
    await play(browser, origin);
  } finally {
    for (const context of browser.contexts()) await context.close();
  }
}

async function open(browser: Browser, url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(url);
  return { context, page, problems };
}

Deno.test({
  name: "a command of the start page is copied by its button, under the page's own policy",
  ignore: !chromiumAvailable,
  fn: () =>
    withStage(async (browser, origin) => {
      const { page, problems } = await open(browser, origin, {
        permissions: ["clipboard-read", "clipboard-write"],
      });
      const button = page.locator("h3", { hasText: "Claude Code" }).locator("+ div").getByRole("button");
      await button.click();
      await page.getByText("Copied").waitFor();
      const copied = await page.evaluate("navigator.clipboard.readText()");
      assert.equal(copied, `claude mcp add --transport http notes ${origin}/mcp`);
      const height = (await button.boundingBox())?.height ?? 0;
      assert.ok(height >= 44, `${height} px`);
      assert.deepEqual(problems.filter((text) => !text.includes("favicon")), []);
    }),
});

Deno.test({
  name: "without scripts the start page shows every command, and no button that does nothing",
  ignore: !chromiumAvailable,
  fn: () =>
    withStage(async (browser, origin) => {
      const { page } = await open(browser, origin, { javaScriptEnabled: false });
      await page.getByText(`codex mcp add notes --url ${origin}/mcp`).waitFor();
      assert.equal(await page.getByRole("button").count(), 0);
    }),
});

Deno.test({
  name:
    "start page and error page have no accessibility problem and never scroll sideways, light, dark and narrow",
  ignore: !chromiumAvailable,
  fn: () =>
    withStage(async (browser, origin) => {
      for (const path of ["/", "/mistyped"]) {
        for (const colorScheme of ["light", "dark"] as const) {
          for (const width of [320, 1200]) {
            const { context, page } = await open(browser, origin + path, {
              colorScheme,
              viewport: { width, height: 800 },
            });
            await assertAccessible(
              page.mainFrame(),
              `${path}, ${colorScheme}, ${width} pixels wide`,
              colorScheme === "dark" ? CONTRAST : undefined,
            );
            const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert.equal(await page.evaluate(overflow), 0);
            await context.close();
          }
        }
      }
    }),
});
