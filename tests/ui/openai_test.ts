import assert from "node:assert/strict";
import { STATES } from "./fixture/samples.ts";
import { notesTest, notesWidget } from "./notes_widget.ts";

const html = notesWidget?.notes.html ?? "";
const toolOutput = STATES.result[0]?.params["structuredContent"];

notesTest(
  "without an MCP Apps host a widget shows what window.openai holds (VIEW-16)",
  async (_open, chromium) => {
    const page = await chromium.newPage();
    await page.evaluate((globals) => Object.assign(globalThis, { openai: globals }), {
      toolOutput,
      theme: "dark",
    });
    await page.setContent(html);
    assert.match(await page.innerText("main"), /Buy stamps/);
    assert.equal(await page.evaluate(() => document.documentElement.style.colorScheme), "dark");
  },
);

notesTest(
  "a tool output that window.openai announces later is shown then (VIEW-16)",
  async (_open, chromium) => {
    const page = await chromium.newPage();
    await page.evaluate(() => Object.assign(globalThis, { openai: { toolOutput: null } }));
    await page.setContent(html);
    assert.match(await page.innerText("main"), /Looking for notes/);
    await page.evaluate((output) => {
      Object.assign(globalThis, { openai: { toolOutput: output } });
      dispatchEvent(new CustomEvent("openai:set_globals"));
    }, toolOutput);
    assert.match(await page.innerText("main"), /Buy stamps/);
  },
);

notesTest("a page with neither host nor window.openai stays calm (VIEW-16)", async (_open, chromium) => {
  const page = await chromium.newPage();
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  await page.setContent(html);
  assert.match(await page.innerText("main"), /Looking for notes/);
  assert.deepEqual(errors, []);
});
