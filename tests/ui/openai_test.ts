import assert from "node:assert/strict";
import { widgets } from "../../src/app/widgets.gen.ts";
import { sample } from "../app/widgets/sample.ts";
import { widgetTest } from "../app/widgets/widget_page.ts";

const html = widgets["mixed-auth-search"]?.html ?? "";
const [message] = sample("mixed-auth-search", "result");
const toolOutput = message?.params.structuredContent;

widgetTest(
  "without an MCP Apps host a widget shows what window.openai holds (VIEW-16)",
  async (_open, chromium) => {
    const page = await chromium.newPage();
    await page.evaluate((globals) => Object.assign(globalThis, { openai: globals }), {
      toolOutput,
      theme: "dark",
    });
    await page.setContent(html);
    assert.match(await page.innerText("main"), /Corner Dough/);
    assert.equal(await page.evaluate(() => document.documentElement.style.colorScheme), "dark");
  },
);

widgetTest(
  "a tool output that window.openai announces later is shown then (VIEW-16)",
  async (_open, chromium) => {
    const page = await chromium.newPage();
    await page.evaluate(() => Object.assign(globalThis, { openai: { toolOutput: null } }));
    await page.setContent(html);
    assert.match(await page.innerText("main"), /Looking for pizza/);
    await page.evaluate((output) => {
      Object.assign(globalThis, { openai: { toolOutput: output } });
      dispatchEvent(new CustomEvent("openai:set_globals"));
    }, toolOutput);
    assert.match(await page.innerText("main"), /Corner Dough/);
  },
);

widgetTest("a page with neither host nor window.openai stays calm (VIEW-16)", async (_open, chromium) => {
  const page = await chromium.newPage();
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  await page.setContent(html);
  assert.match(await page.innerText("main"), /Looking for pizza/);
  assert.deepEqual(errors, []);
});
