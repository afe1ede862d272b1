/**
 * Takes the two pictures of the README from the running playground, docs/playground-*.png, and one of each widget, 706
 * pixels wide as OpenAI's listing asks, data/<widget>.png.
 */
import type { Page } from "playwright-core";
import { widgets } from "../src/app/widgets.gen.ts";
import { previewPage } from "../src/dev/widgets/preview.ts";
import { launchChromium } from "../tests/chromium.ts";
import { serveSample } from "../tests/app/playground/page.ts";
import { samples } from "../widgets/samples.ts";

const FOLDER = new URL("./", import.meta.url);
const LISTING = new URL("../data/", import.meta.url);
const LISTING_WIDTH = 706;
const LARGEST = 300 * 1024;

async function save(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  const picture = await page.screenshot({ animations: "disabled" });
  if (picture.length > LARGEST) {
    throw new Error(`${name} has ${picture.length} bytes, ${LARGEST} are allowed.`);
  }
  await Deno.writeFile(new URL(name, FOLDER), picture);
  console.log(`${name} ${picture.length} bytes`);
}

/** Waits for the newest widget to show a text. */
async function shown(page: Page, text: string): Promise<void> {
  const widget = page.locator("iframe.widget").last().contentFrame().frameLocator("iframe");
  await widget.getByText(text).first().waitFor();
}

async function signIn(page: Page): Promise<void> {
  const opened = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Connect" }).click();
  const popup = await opened;
  const closed = popup.waitForEvent("close");
  await popup.getByRole("button", { name: "Allow" }).click();
  await closed;
}

/** Each widget with a result, on white. */
async function listing(page: Page): Promise<void> {
  await page.setViewportSize({ width: LISTING_WIDTH + 40, height: 900 });
  for (const [widget, states] of Object.entries(samples())) {
    const only = { [widget]: { result: states["result"] ?? [] } };
    await page.goto("about:blank");
    await page.setContent(previewPage(widgets, only));
    await page.addStyleTag({
      content: `iframe { width: ${LISTING_WIDTH}px !important; resize: none !important }`,
    });
    const frame = page.locator("iframe.light");
    await frame.contentFrame().locator("h1").first().waitFor();
    await frame.contentFrame().locator("[aria-busy]").waitFor({ state: "detached" });
    // The frame has its height once the widget has said it.
    await page.waitForFunction(() => document.querySelector("iframe")?.style.height !== "");
    await Deno.writeFile(
      new URL(`${widget}.png`, LISTING),
      await frame.screenshot({ animations: "disabled" }),
    );
    console.log(`${widget}.png`);
  }
}

if (import.meta.main) {
  await using served = await serveSample();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${served.origin}/playground`);
    await page.getByRole("button", { name: "Find pepperoni pizza" }).click();
    await shown(page, "Fogline Pizza Works");
    await save(page, "playground-search.png");

    await page.emulateMedia({ colorScheme: "dark" });
    await page.getByRole("radio", { name: "Dark" }).check();
    await page.getByRole("button", { name: "Show my past orders" }).click();
    await signIn(page);
    await shown(page, "Preparing");
    await page.getByRole("tab", { name: "Wire" }).click();
    await save(page, "playground-orders.png");
    await listing(await browser.newPage());
  } finally {
    await browser.close();
  }
}
