import assert from "node:assert/strict";
import { assertAccessible } from "../axe.ts";
import { hostTest, widgetIn } from "./host_page.ts";

hostTest(
  "a device gives widgets its width and its input, and its safe area in fullscreen only",
  async ({ page, open, device }) => {
    const widget = await open();
    await widget.hasContext("deviceCapabilities", { touch: false, hover: true });
    await widget.hasContext("safeAreaInsets", { top: 0, right: 0, bottom: 0, left: 0 });
    await page.getByText("Device", { exact: true }).click();
    for (
      const [name, width, touch] of [["Phone, 360", 360, true], ["Phone, 390", 390, true], [
        "Tablet",
        768,
        true,
      ], ["Desktop", 1200, false]] as const
    ) {
      const option = await device("Screen").locator("option", { hasText: name }).getAttribute("value");
      await device("Screen").selectOption(option);
      await widget.frame.waitForFunction((expected) => innerWidth === expected, width);
      await widget.hasContext("containerDimensions", { maxHeight: 4000, width });
      await widget.hasContext("deviceCapabilities", { touch, hover: !touch });
    }
    await device("Screen").selectOption("390");
    await widget.ask("ui/request-display-mode", { mode: "fullscreen" });
    await widget.hasContext("safeAreaInsets", { top: 47, right: 0, bottom: 34, left: 0 });
  },
);

hostTest("in fullscreen a widget has the size of the device's screen", async ({ page, open, device }) => {
  const widget = await open();
  await page.getByText("Device", { exact: true }).click();
  await device("Screen").selectOption("390");
  await widget.ask("ui/request-display-mode", { mode: "fullscreen" });
  await widget.hasContext("containerDimensions", { width: 390, height: 844 });
  await widget.frame.waitForFunction(() => innerWidth === 390 && innerHeight === 844);
});

hostTest(
  "input, safe area, time zone, theme and language reach an open widget when they change",
  async ({ page, open, device }) => {
    const widget = await open();
    await page.getByText("Device", { exact: true }).click();
    await device("Input").selectOption("Touch");
    await widget.hasContext("deviceCapabilities", { touch: true, hover: false });
    await device("Safe area in fullscreen").selectOption("Notch, on its side");
    await device("Time zone").selectOption("Kolkata");
    await widget.hasContext("timeZone", "Asia/Kolkata");
    await page.getByRole("radio", { name: "Dark" }).check();
    await widget.hasContext("theme", "dark");
    await page.getByRole("radio", { name: "ar-EG" }).check();
    await widget.hasContext("locale", "ar-EG");
    await widget.ask("ui/request-display-mode", { mode: "fullscreen" });
    await widget.hasContext("safeAreaInsets", { top: 0, right: 47, bottom: 21, left: 47 });
  },
);

hostTest(
  "a reload tells widgets, loads them again, and gives them the same result and host",
  async ({ page, open, device }) => {
    const widget = await open();
    await page.getByText("Device", { exact: true }).click();
    await device("Time zone").selectOption("Berlin");
    await widget.ask("ui/request-display-mode", { mode: "pip" });
    await widget.ask("ui/update-model-context", { content: [{ type: "text", text: "Chose Margherita" }] });
    await widget.frame.evaluate("globalThis.mark = 'old'");
    await page.getByRole("button", { name: "Reload widgets" }).click();
    await page.waitForEvent("framenavigated", (frame) => frame.url() === "about:srcdoc");
    const frames = page.locator("iframe.widget").contentFrame().frameLocator("iframe");
    await frames.getByText("Result yes").waitFor();
    const frame = await (await frames.owner().elementHandle())?.contentFrame() ?? assert.fail();
    assert.equal(await frame.evaluate("globalThis.mark"), undefined);
    await widgetIn(frame).hasContext("timeZone", "Europe/Berlin");
    await widgetIn(frame).hasContext("displayMode", "pip");
    await page.locator(".known", { hasText: "Chose Margherita" }).waitFor();
    await page.getByRole("tab", { name: "Log" }).click();
    await page.locator(".log summary", { hasText: "ui/resource-teardown" }).waitFor();
  },
);

hostTest("a first visitor sees the device bar closed", async ({ page, device }) => {
  await page.getByText("Device", { exact: true }).waitFor();
  assert.equal(await device("Screen").isVisible(), false);
});

hostTest("the keyboard alone opens the device bar and chooses a screen", async ({ page, open }) => {
  const widget = await open();
  await page.locator(".device summary").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await widget.frame.waitForFunction(() => innerWidth === 360);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [360, 1200]) {
    hostTest(
      `axe objects to nothing in the bar, the log and the display modes, ${colorScheme} and ${width} pixels wide`,
      async ({ page, open, device }) => {
        const assertFine = async (state: string) => {
          await assertAccessible(page.mainFrame(), state);
          const { scroll, inner } = await page.evaluate(() => ({
            scroll: document.documentElement.scrollWidth,
            inner: innerWidth,
          }));
          assert.ok(scroll <= inner, `${state} does not scroll sideways`);
        };
        const widget = await open();
        await widget.ask("ui/update-model-context", { structuredContent: { chosen: "one" } });
        await widget.ask("ui/open-link", { url: "javascript:alert(1)" });
        await widget.frame.evaluate(() => fetch("https://example.com/").catch(() => {}));
        await page.getByText("Device", { exact: true }).click();
        await assertFine("device bar");
        await device("Screen").selectOption("390");
        for (const mode of ["pip", "fullscreen"]) {
          await widget.ask("ui/request-display-mode", { mode });
          await page.locator(`[data-mode="${mode}"]`).waitFor();
          await assertFine(mode);
        }
        await page.keyboard.press("Escape");
        await page.locator('[data-mode="inline"]').waitFor();
        const inspect = page.getByRole("button", { name: "Inspect" });
        if (await inspect.isVisible()) await inspect.click();
        await page.getByRole("tab", { name: "Log" }).click();
        await page.locator(".log summary", { hasText: "refused" }).click();
        await assertFine("log");
      },
      { colorScheme, width, expectsViolations: true },
    );
  }
}
