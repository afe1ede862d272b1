import assert from "node:assert/strict";
import { STATES } from "./fixture/samples.ts";
import { notesTest } from "./notes_widget.ts";
import type { OpenWidget } from "./widget_page.ts";

notesTest(
  "a widget takes the host's look, keeps what an update leaves out, and has its own without (VIEW-09)",
  async (open) => {
    const context = {
      theme: "dark",
      safeAreaInsets: { top: 30, right: 0, bottom: 0, left: 0 },
      styles: { variables: { "--color-background-primary": "rgb(1, 2, 3)" } },
    };
    const widget = await open("notes", { context });
    await widget.send(...STATES.empty);
    await widget.frame.locator(".notice").waitFor();
    const look = () =>
      widget.frame.evaluate(() => {
        const { color, paddingTop, colorScheme } = getComputedStyle(document.body);
        const { backgroundColor } = getComputedStyle(document.querySelector(".notice") ?? document.body);
        return { backgroundColor, color, paddingTop, colorScheme };
      });
    const dark = await look();
    assert.partialDeepStrictEqual(dark, {
      backgroundColor: "rgb(1, 2, 3)",
      paddingTop: "46px",
      colorScheme: "dark",
    });
    await widget.send({ method: "ui/notifications/host-context-changed", params: { theme: "light" } });
    const light = await look();
    assert.deepEqual({ ...dark, color: "", colorScheme: "light" }, { ...light, color: "" });
    assert.notEqual(light.color, dark.color);
    await widget.close();
  },
);

notesTest("a widget's page is transparent, for the host's own background (8.3)", async (open) => {
  for (const theme of ["light", "dark"]) {
    const widget = await open("notes", { context: { theme } });
    const backgrounds = await widget.frame.evaluate(() =>
      ["html", "body", "main"].map((part) => getComputedStyle(document.querySelector(part)!).backgroundColor)
    );
    assert.deepEqual(backgrounds, Array(3).fill("rgba(0, 0, 0, 0)"));
    await widget.close();
  }
});

notesTest("a widget reports its size again when its content changes (VIEW-05)", async (open) => {
  const widget = await open("notes");
  const loading = await sizeReported(widget);
  await widget.send(...STATES.empty);
  assert.notEqual(await sizeReported(widget), loading);
  await widget.close();
});

notesTest(
  "a widget answers ping and resource-teardown, and reports no size after it (VIEW-08)",
  async (open) => {
    const widget = await open("notes");
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
