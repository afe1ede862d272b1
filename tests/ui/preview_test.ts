import assert from "node:assert/strict";
import { previewPage } from "../../src/dev/widgets/preview.ts";
import { STATES } from "./fixture/samples.ts";
import { notesTest, notesWidget } from "./notes_widget.ts";

notesTest("the preview has its full height before anyone scrolls (8.3)", async (_open, chromium) => {
  const page = await chromium.newPage({ viewport: { width: 900, height: 600 } });
  await page.setContent(previewPage(notesWidget ?? {}, { notes: STATES }));
  const states = Object.keys(STATES).flatMap((state) => [state, state]);
  const frames = page.frames().slice(1);
  assert.equal(frames.length, states.length);
  for (const [index, frame] of frames.entries()) {
    // By the clock, because frames outside the screen are not drawn.
    await frame.waitForFunction(
      (busy) => document.querySelector("main *") && Boolean(document.querySelector("[aria-busy]")) === busy,
      states[index] === "loading",
      { polling: 20 },
    );
    const height = await frame.evaluate(() =>
      Math.ceil(document.documentElement.getBoundingClientRect().height)
    );
    const element = await frame.frameElement();
    await page.waitForFunction(
      ([element, height]) => (element as Element).clientHeight === height,
      [element, height] as const,
    );
  }
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  const before = await height();
  for (let y = 0; y < before; y += 500) {
    await page.evaluate(async (top) => {
      scrollTo(0, top);
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    }, y);
  }
  assert.equal(await height(), before);
});
