import assert from "node:assert/strict";
import { sample } from "./sample.ts";
import { widgetTest } from "./widget_page.ts";

widgetTest("language and direction of the page follow the host's locale (8.3)", async (open) => {
  const widget = await open("mixed-auth-past-orders", {
    context: { locale: "ar-EG", timeZone: "Africa/Cairo" },
  });
  await widget.send(...sample("mixed-auth-past-orders", "result"));
  const page = () =>
    widget.frame.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
  assert.deepEqual(await page(), ["ar-EG", "rtl"]);
  assert.equal(
    await widget.frame.locator("h1").evaluate((title) => title.closest("[lang]")?.getAttribute("lang")),
    "ar",
    "there are words in Arabic",
  );

  const dates = widget.frame.locator("time").first();
  assert.equal(await dates.getAttribute("lang"), "ar-EG");
  assert.equal(await dates.locator("bdi").count(), 2, "relative and absolute date are isolated");
  assert.match(await dates.innerText(), /\p{Script=Arabic}/u);

  const [picture, name] = await Promise.all(
    [".slice", ".what"].map((part) => widget.frame.locator(part).first().boundingBox()),
  );
  assert.ok(picture!.x > name!.x, "the picture stands where lines begin");

  const locale = (value: unknown) => ({
    method: "ui/notifications/host-context-changed",
    params: { locale: value },
  });
  await widget.send(locale("fr"));
  assert.deepEqual(await page(), ["fr", "ltr"]);
  await widget.send(locale("no locale at all"));
  assert.deepEqual(await page(), ["fr", "ltr"]);
  await widget.close();
});

widgetTest("from right to left, Next and the left arrow lead onwards (8.3)", async (open) => {
  const widget = await open("mixed-auth-search", { width: 360, context: { locale: "he-IL" } });
  await widget.page.emulateMedia({ reducedMotion: "reduce" });
  await widget.send(...sample("mixed-auth-search", "no match"));
  const { frame } = widget;
  const rightmost = (index: number) =>
    frame.waitForFunction((wanted) => {
      const cards = Array.from(document.querySelectorAll(".place"), (card) =>
        card.getBoundingClientRect().right);
      return cards.findIndex((right) =>
        right <= innerWidth
      ) === wanted;
    }, index);
  await rightmost(0);
  await frame.getByRole("button", { name: "Next places" }).click();
  await rightmost(1);
  await frame.locator(".carousel").press("ArrowLeft");
  await rightmost(2);
  await frame.locator(".carousel").press("ArrowRight");
  await rightmost(1);
  await frame.locator('[aria-label="Previous places"][aria-disabled="false"]').click();
  await rightmost(0);
  await widget.close();
});
