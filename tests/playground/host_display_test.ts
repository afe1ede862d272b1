import assert from "node:assert/strict";
import { type HostPage, hostTest, type Widget } from "./host_page.ts";

const dialogOf = ({ page }: HostPage) => page.getByRole("dialog", { name: "Widget of The probe tool" });
const request = (widget: Widget, mode: string) => widget.ask("ui/request-display-mode", { mode });

hostTest("a widget that asks for fullscreen gets it, and is told so with its size", async (host) => {
  const { page, open } = host;
  const widget = await open();
  await widget.hasContext("displayMode", "inline");
  await widget.hasContext("availableDisplayModes", ["inline", "fullscreen", "pip"]);
  assert.deepEqual(await request(widget, "fullscreen"), { mode: "fullscreen" });
  await widget.hasContext("displayMode", "fullscreen");
  assert.deepEqual(await dialogOf(host).boundingBox(), { x: 0, y: 0, width: 1200, height: 900 });
  const frame = await page.locator("iframe.widget").boundingBox() ?? assert.fail();
  await widget.hasContext("containerDimensions", {
    width: Math.round(frame.width),
    height: Math.round(frame.height),
  });
});

hostTest("a button leads from fullscreen back to the chat, where the widget goes on", async (host) => {
  const widget = await host.open();
  await widget.frame.evaluate("globalThis.mark = 'kept'");
  await request(widget, "fullscreen");
  const back = host.page.getByRole("button", { name: "Back to the chat" });
  await back.click();
  await widget.hasContext("displayMode", "inline");
  await dialogOf(host).waitFor({ state: "detached" });
  assert.equal(await widget.frame.evaluate("mark"), "kept", "the frame was not loaded again");
  assert.equal(await host.page.evaluate(() => document.activeElement?.className), "widget");
});

for (const where of ["the widget", "the page"]) {
  hostTest(`Escape leaves fullscreen with the focus in ${where}`, async (host) => {
    const widget = await host.open();
    if (where === "the widget") await widget.frame.getByRole("textbox").focus();
    await request(widget, "fullscreen");
    await widget.hasContext("displayMode", "fullscreen");
    const inFrame = await host.page.evaluate(() => document.activeElement?.className === "widget");
    assert.equal(inFrame, where === "the widget");
    await host.page.keyboard.press("Escape");
    await widget.hasContext("displayMode", "inline");
  }, { body: "<input aria-label=Name>" });
}

hostTest("an Escape that the widget has used itself does not leave fullscreen", async (host) => {
  const widget = await host.open();
  await widget.frame.getByRole("textbox").focus();
  await request(widget, "fullscreen");
  await host.page.keyboard.press("Escape");
  await widget.frame.locator("[data-used]").waitFor();
  // A later request is answered after what an Escape would have led to.
  assert.deepEqual(await request(widget, "fullscreen"), { mode: "fullscreen" });
  await widget.hasContext("displayMode", "fullscreen");
  assert.ok(await dialogOf(host).isVisible());
}, { body: `<input aria-label=Name onkeydown="event.preventDefault(); this.dataset.used = true">` });

hostTest("in fullscreen the focus does not go to what is behind the widget", async (host) => {
  const widget = await host.open();
  await request(widget, "fullscreen");
  await dialogOf(host).waitFor();
  for (let step = 0; step < 8; step++) {
    await host.page.keyboard.press(step < 4 ? "Tab" : "Shift+Tab");
    const inside = await host.page.evaluate(() =>
      document.querySelector("[role=dialog]")?.contains(document.activeElement) ||
      document.activeElement === document.body
    );
    assert.ok(inside, `step ${step}`);
  }
}, { body: "<input aria-label=Name>" });

hostTest("picture in picture leaves the chat usable, and goes back by its button", async (host) => {
  const { page } = host;
  const widget = await host.open();
  assert.deepEqual(await request(widget, "pip"), { mode: "pip" });
  await widget.hasContext("displayMode", "pip");
  const box = await page.locator('[data-mode="pip"]').boundingBox() ?? assert.fail();
  assert.ok(box.x >= 0 && box.x + box.width <= 360 && box.y + box.height < 640 - 100);
  await page.getByRole("button", { name: "Run the probe" }).click();
  await page.getByRole("article").nth(1).waitFor();
  await page.getByRole("button", { name: "Back to the chat" }).click();
  await widget.hasContext("displayMode", "inline");
}, { width: 360, height: 640 });

hostTest("a message from a fullscreen widget brings the chat and its answer back", async (host) => {
  const widget = await host.open();
  await request(widget, "fullscreen");
  await widget.ask("ui/message", { role: "user", content: [{ type: "text", text: "Tell me a joke" }] });
  await host.page.getByText("Tell me a joke").waitFor();
  await widget.hasContext("displayMode", "inline");
});

hostTest(
  "a widget keeps its mode when it does not support the one asked for, and the page says so",
  async (host) => {
    const widget = await host.open();
    assert.deepEqual(await request(widget, "pip"), { mode: "inline" });
    assert.match(await host.notice(), /does not name pip among its availableDisplayModes/);
    await host.page.getByText("Device", { exact: true }).click();
    await host.device("Newest widget").selectOption("Picture in picture");
    assert.equal(await host.device("Newest widget").inputValue(), "inline");
    await host.device("Newest widget").selectOption("Fullscreen");
    await widget.hasContext("displayMode", "fullscreen");
  },
  { appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] } },
);

hostTest(
  "Escape leaves fullscreen a second time, when the page has given the focus to the widget",
  async (host) => {
    const widget = await host.open();
    for (let time = 0; time < 2; time++) {
      await request(widget, "fullscreen");
      await widget.hasContext("displayMode", "fullscreen");
      await host.page.keyboard.press("Escape");
      await widget.hasContext("displayMode", "inline");
    }
  },
);
