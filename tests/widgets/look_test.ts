/// <reference lib="dom" />
import assert from "node:assert/strict";
import { sample } from "./sample.ts";
import { type OpenWidget, widgetTest } from "./widget_page.ts";

const name = "mixed-auth-search";

widgetTest(
  "a widget takes the host's look, keeps what an update leaves out, and has its own without (VIEW-09)",
  async (open) => {
    const context = {
      theme: "dark",
      safeAreaInsets: { top: 30, right: 0, bottom: 0, left: 0 },
      styles: { variables: { "--color-background-primary": "rgb(1, 2, 3)" } },
    };
    const widget = await open(name, { context });
    const look = () =>
      widget.frame.evaluate(() => {
        const { backgroundColor, color, paddingTop, colorScheme } = getComputedStyle(document.body);
        return { backgroundColor, color, paddingTop, colorScheme };
      });
    const own = { backgroundColor: "rgb(1, 2, 3)", paddingTop: "46px" };
    await widget.send();
    assert.deepEqual(await look(), { ...own, color: "rgb(247, 241, 234)", colorScheme: "dark" });
    await widget.send({ method: "ui/notifications/host-context-changed", params: { theme: "light" } });
    assert.deepEqual(await look(), { ...own, color: "rgb(42, 33, 28)", colorScheme: "light" });
    await widget.close();
  },
);

widgetTest("a widget reports its size again when its content changes (VIEW-05)", async (open) => {
  const widget = await open(name);
  const loading = await sizeReported(widget);
  await widget.send(...sample(name, "empty"));
  assert.notEqual(await sizeReported(widget), loading);
  await widget.close();
});

widgetTest(
  "a widget answers ping and resource-teardown, and reports no size after it (VIEW-08)",
  async (open) => {
    const widget = await open(name);
    await sizeReported(widget);
    assert.deepEqual(await widget.page.evaluate(() => host.bridge.request({ method: "ping" })), {});
    assert.deepEqual(await widget.page.evaluate(() => host.bridge.teardownResource({})), {});
    const before = (await widget.sent()).length;
    await widget.frame.evaluate(() =>
      new Promise((done) => {
        document.body.style.height = "2000px";
        requestAnimationFrame(() => requestAnimationFrame(done));
      })
    );
    await widget.send();
    const after = (await widget.sent()).slice(before);
    assert.deepEqual(after.filter(({ method }) => method), []);
    await widget.close();
  },
);

/** Waits until the host was told the height that the page now has. */
async function sizeReported({ page, frame }: OpenWidget): Promise<number> {
  const height = await frame.evaluate(() =>
    Math.ceil(document.documentElement.getBoundingClientRect().height)
  );
  await page.waitForFunction((wanted) => {
    const last = host.sent.findLast(({ method }) => method === "ui/notifications/size-changed");
    return last?.params?.height === wanted;
  }, height);
  return height;
}
