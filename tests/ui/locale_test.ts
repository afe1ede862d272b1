import assert from "node:assert/strict";
import { directionOf, knownLocale } from "../../src/ui/locale.ts";
import { STATES } from "./fixture/samples.ts";
import { notesTest } from "./notes_widget.ts";

Deno.test("a locale is written in its script's direction (8.3)", () => {
  for (const locale of ["ar-EG", "he", "fa-IR", "ur", "ks-Arab", "uz-Arab"]) {
    assert.equal(directionOf(locale), "rtl");
  }
  for (const locale of ["en-US", "de", "ks-Deva", "ja-JP", "tr"]) assert.equal(directionOf(locale), "ltr");
});

Deno.test("whatever is no locale is none", () => {
  for (const value of [undefined, 5, "", "no locale", "x".repeat(1000)]) {
    assert.equal(knownLocale(value), undefined);
  }
});

notesTest("language and direction of the page follow the host's locale (8.3)", async (open) => {
  const widget = await open("notes", { context: { locale: "ar-EG", timeZone: "Africa/Cairo" } });
  await widget.send(...STATES.result);
  const { frame } = widget;
  const page = () => frame.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
  assert.deepEqual(await page(), ["ar-EG", "rtl"]);
  assert.match(await frame.locator("time").first().innerText(), /\p{Script=Arabic}/u);
  const language = frame.locator("h1").evaluate((title) => title.closest("[lang]")?.getAttribute("lang"));
  assert.equal(await language, "en", "the widget's own words");

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
