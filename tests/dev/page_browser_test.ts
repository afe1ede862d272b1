import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { assertAccessible, CONTRAST } from "../axe.ts";
import { chromiumAvailable, sharedChromium } from "../chromium.ts";
import { encoded } from "./flow.ts";
import { register } from "./dev_issuer.ts";
import { serveIssuer } from "./served_issuer.ts";

interface Stage {
  readonly browser: Browser;
  /** URL of the sign-in page for an app that returns to `/callback` of the same server. */
  readonly signInUrl: string;
}

const chromium = sharedChromium();

/** Runs `play` with a browser, a served issuer and a registered app. */
async function withStage(
  play: (stage: Stage) => Promise<void>,
  options: { passcode?: string } = {},
): Promise<void> {
  await using served = await serveIssuer(options);
  const { issuer, origin, port } = served;
  // Another origin than the issuer's, so that form-action has to allow it.
  const redirect_uri = `http://127.0.0.1:${port}/callback`;
  const { client_id } = await register(issuer, { client_name: "Notes Pilot", redirect_uris: [redirect_uri] });
  const query = encoded({
    response_type: "code",
    client_id,
    redirect_uri,
    code_challenge: "a".repeat(43),
    code_challenge_method: "S256",
    state: "state-1",
  });
  const browser = await chromium();
  try {
    await play({ browser, signInUrl: `${origin}/auth/authorize?${query}` });
  } finally {
    for (const context of browser.contexts()) await context.close();
  }
}

Deno.test({
  name:
    "the sign-in page has no accessibility problem and never scrolls sideways, light, dark, narrow and wide",
  ignore: !chromiumAvailable,
  fn: () =>
    withStage(async ({ browser, signInUrl }) => {
      for (const width of [320, 1200]) {
        for (const colorScheme of ["light", "dark"] as const) {
          const rules = colorScheme === "dark" ? CONTRAST : undefined;
          const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
          await page.goto(signInUrl);
          await page.getByLabel("Someone else").check();
          const look = `${colorScheme}, ${width} pixels wide`;
          await assertAccessible(page.mainFrame(), `sign-in, ${look}`, rules);
          assert.equal(
            await page.evaluate(
              "document.documentElement.scrollWidth - document.documentElement.clientWidth",
            ),
            0,
          );
          await page.getByLabel("Passcode").fill("a guess");
          await page.getByRole("button", { name: "Allow" }).click();
          await page.getByRole("alert").waitFor();
          await assertAccessible(page.mainFrame(), `wrong passcode, ${look}`, rules);
          await page.goto(signInUrl.replace("client_id=", "client_id=un"));
          await page.getByRole("heading", { name: "Sign-in cannot go on" }).waitFor();
          await assertAccessible(page.mainFrame(), `unknown client, ${look}`, rules);
          await page.close();
        }
      }
    }, { passcode: "open sesame" }),
});

Deno.test({
  name: "the keyboard alone signs somebody else in and brings the browser back to the app",
  ignore: !chromiumAvailable,
  fn: () =>
    withStage(async ({ browser, signInUrl }) => {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      await page.goto(signInUrl);
      await page.keyboard.press("Tab");
      for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Tab");
      await page.keyboard.type("Barbara");
      await page.keyboard.press("Tab");
      const ring = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
      assert.equal(ring, "solid");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/callback?**");
      const { searchParams } = new URL(page.url());
      assert.equal(searchParams.get("state"), "state-1");
      assert.ok(searchParams.get("code"));
      assert.deepEqual(problems, []);
    }),
});

Deno.test({
  name: "choosing Someone else by pointer moves the focus to the name, and an error to the field to correct",
  ignore: !chromiumAvailable,
  fn: () =>
    withStage(async ({ browser, signInUrl }) => {
      const page = await browser.newPage();
      await page.goto(signInUrl);
      await page.getByText("Someone else").click();
      assert.equal(await page.evaluate("document.activeElement.name"), "name");
      await page.keyboard.type(" ");
      await page.getByLabel("Passcode").fill("a guess");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
      assert.equal(await page.evaluate("document.activeElement.name"), "passcode");
      await page.keyboard.type("open sesame");
      await page.keyboard.press("Enter");
      await page.getByText("Type a name.").waitFor();
      assert.equal(await page.evaluate("document.activeElement.name"), "name");
    }, { passcode: "open sesame" }),
});

Deno.test({
  name: "everything to press is at least 44 px high, and forced colours show which person is chosen",
  ignore: !chromiumAvailable,
  fn: () =>
    withStage(async ({ browser, signInUrl }) => {
      const page = await browser.newPage({ forcedColors: "active", viewport: { width: 360, height: 800 } });
      const pages = [
        signInUrl,
        signInUrl.replace("response_type=code", "response_type=token"),
        signInUrl.split("?")[0],
      ];
      for (const url of pages) {
        await page.goto(url ?? "");
        const someoneElse = page.getByText("Someone else");
        if (await someoneElse.isVisible()) await someoneElse.click();
        const heights = await page.evaluate(
          `[...document.querySelectorAll("a, button, .people label, .field input")]
            .map((element) => element.getBoundingClientRect().height)`,
        ) as number[];
        assert.ok(heights.length > 0 && heights.every((height) => height >= 44), `${url}: ${heights}`);
      }
      await page.goto(signInUrl);
      const [ada, grace] = await page.evaluate(
        `[...document.querySelectorAll(".people label")].map((label) => getComputedStyle(label).backgroundColor)`,
      ) as string[];
      assert.notEqual(ada, grace);
    }, { passcode: "open sesame" }),
});

Deno.test({
  name: "Deny needs no passcode and tells the app",
  ignore: !chromiumAvailable,
  fn: () =>
    withStage(async ({ browser, signInUrl }) => {
      const page = await browser.newPage();
      await page.goto(signInUrl);
      await page.getByRole("button", { name: "Deny" }).click();
      await page.waitForURL("**/callback?**");
      assert.equal(new URL(page.url()).searchParams.get("error"), "access_denied");
    }, { passcode: "open sesame" }),
});
