import assert from "node:assert/strict";
import { hostTest } from "./host_page.ts";

hostTest(
  "the log shows each message between widget and host: who, what, which, and all of it",
  async ({ page, open }) => {
    const widget = await open();
    await widget.ask("ui/request-display-mode", { mode: "pip" });
    await page.getByRole("tab", { name: "Log" }).click();
    const lines = (await page.locator(".log summary").allInnerTexts()).map((line) =>
      line.split(/\s+/).join(" ")
    );
    assert.deepEqual(lines.toReversed().slice(0, 9), [
      "Widget ui/notifications/sandbox-proxy-ready",
      "Host ui/notifications/sandbox-resource-ready",
      "Widget ui/initialize #1",
      "Host result #1",
      "Widget ui/notifications/initialized",
      "Host ui/notifications/tool-input",
      "Host ui/notifications/tool-result",
      "Widget ui/request-display-mode #2",
      "Host result #2",
    ]);
    const request = page.locator(".log > li", { hasText: "ui/request-display-mode" });
    assert.equal(await request.locator("pre").count(), 0);
    await request.locator("summary").focus();
    await page.keyboard.press("Enter");
    assert.deepEqual(JSON.parse(await request.locator("pre").innerText()), {
      jsonrpc: "2.0",
      id: 2,
      method: "ui/request-display-mode",
      params: { mode: "pip" },
    });
  },
);

hostTest("the log keeps the last 200 messages, each shortened, and no secret", async ({ page, open }) => {
  const { frame, ask } = await open();
  await frame.evaluate(
    `for (let n = 0; n < 300; n++) post({ method: "x/flood-" + n + "y".repeat(5000), params: {} })`,
  );
  await ask("ui/update-model-context", {
    structuredContent: { access_token: "secret-token", much: "z".repeat(50_000) },
  });
  await page.getByRole("tab", { name: "Log" }).click();
  const rows = page.locator(".log > li");
  assert.equal(await rows.count(), 200);
  const flood = rows.filter({ hasText: "x/flood-299" });
  assert.ok((await flood.innerText()).length < 200);
  const update = rows.filter({ hasText: "ui/update-model-context" });
  await update.locator("summary").click();
  const text = await update.locator("pre").innerText();
  assert.ok(text.length < 10_100);
  assert.match(text, /access_token": "‹hidden, 12 characters›/);
  await page.getByRole("button", { name: "Clear" }).click();
  assert.equal(await rows.count(), 0);
});

hostTest("a message that is no JSON is logged as such, and answered", async ({ page, open }) => {
  const { frame, ask } = await open();
  await frame.evaluate(`const loop = {}; loop.self = loop; post({ method: "x/loop", params: { loop } })`);
  assert.deepEqual(await ask("ui/request-display-mode", { mode: "inline" }), { mode: "inline" });
  await page.getByRole("tab", { name: "Log" }).click();
  const row = page.locator(".log > li", { hasText: "x/loop" });
  await row.locator("summary").click();
  await row.getByText("JSON cannot express this message.").waitFor();
});
