import assert from "node:assert/strict";
import type { Frame, Page } from "playwright-core";
import { muchData } from "./much_data.ts";
import { nextPage } from "./next_page.ts";
import { type OpenWidget, widgetTest } from "./widget_page.ts";

/** How much has moved under the reader's eyes by now (Layout Instability API). */
function shifted(page: Page | Frame): Promise<number> {
  return page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const observer = new PerformanceObserver(() => {});
    observer.observe({ type: "layout-shift", buffered: true });
    return observer.takeRecords()
      // What someone has just asked for is no shift (Layout Instability, hadRecentInput).
      .filter((entry) => !Reflect.get(entry, "hadRecentInput"))
      .reduce((total, entry) => total + Number(Reflect.get(entry, "value")), 0);
  });
}

async function assertNothingShifted({ page, frame }: OpenWidget, after: string): Promise<void> {
  assert.deepEqual([await shifted(page), await shifted(frame)], [0, 0], after);
}

for (const width of [360, 720, 1200]) {
  widgetTest(
    `twenty orders come, scroll by and are turned page by page without a shift of the layout, ${width} pixels wide`,
    async (open) => {
      const options = { capabilities: { serverTools: {}, message: {} }, width };
      const widget = await open("mixed-auth-past-orders", options);
      const { page, frame } = widget;
      await widget.send(muchData()["mixed-auth-past-orders"]!);
      await assertNothingShifted(widget, "loading to orders");
      assert.equal(await frame.getByText("of 20 orders").count(), 1);
      await page.setViewportSize({ width, height: 200 });

      const atEnd = () => page.evaluate(() => scrollY + innerHeight >= document.documentElement.scrollHeight);
      await page.mouse.move(width / 2, 100);
      let steps = 0;
      for (; !await atEnd(); steps++) await page.mouse.wheel(0, 50);
      assert.ok(steps > 3);
      await assertNothingShifted(widget, "scrolling");

      // The measure itself works: this is a shift.
      await page.evaluate(() => scrollTo(0, 0));
      await frame.evaluate(() => {
        const late = document.createElement("div");
        late.style.height = "100px";
        document.querySelector("h1")?.before(late);
      });
      assert.ok(await shifted(frame) > 0);
      await widget.close();

      const turned = await open("mixed-auth-past-orders", options);
      await turned.send(muchData()["mixed-auth-past-orders"]!);
      while (await nextPage(turned));
      await assertNothingShifted(turned, "turning pages");
      await turned.close();
    },
  );
}

widgetTest("places come without a shift of the layout", async (open) => {
  const widget = await open("mixed-auth-search");
  await widget.send(muchData()["mixed-auth-search"]!);
  await assertNothingShifted(widget, "loading to places");
  await widget.close();
});
