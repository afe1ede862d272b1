/** Takes the two pictures of the README from the running playground: docs/playground-*.png. */
import type { Page } from "playwright-core";
import { launchChromium } from "../tests/chromium.ts";
import { serveSample } from "../tests/app/playground/page.ts";

const FOLDER = new URL("./", import.meta.url);
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
  } finally {
    await browser.close();
  }
}
