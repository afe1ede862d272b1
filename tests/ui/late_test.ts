import assert from "node:assert/strict";
import { STATES } from "./fixture/samples.ts";
import { notesTest, notesWidget } from "./notes_widget.ts";

const SOME_SECONDS = 10_000;
const name = "notes";
const tool = (annotations: Record<string, boolean>) => ({
  toolInfo: { tool: { name: "search_notes", inputSchema: { type: "object" }, annotations } },
});
const input = { method: "ui/notifications/tool-input", params: { arguments: { query: "stamps" } } };

notesTest("a widget whose result was lost calls its tool again with the same input (8.3)", async (open) => {
  const [answer] = STATES.result;
  const widget = await open(name, {
    capabilities: { serverTools: {}, message: {} },
    context: tool({ readOnlyHint: true }),
    toolAnswers: [answer!.params],
    stoppedClock: true,
  });
  await widget.send(input);
  await widget.page.clock.runFor(SOME_SECONDS);
  await widget.frame.getByText("The notes have not arrived").waitFor();
  await widget.frame.getByRole("button", { name: "Try again" }).click();
  await widget.frame.getByText("Buy stamps").waitFor();
  const [call] = (await widget.sent()).filter(({ method }) => method === "tools/call");
  assert.deepEqual(call?.params, { name: "search_notes", arguments: input.params.arguments });
  await widget.close();
});

notesTest(
  "a lost result is asked for in the chat where input is missing or the tool may not be called twice (8.3)",
  async (open) => {
    const cases = [
      { context: tool({ readOnlyHint: true }), messages: [] },
      { context: tool({ readOnlyHint: false }), messages: [input] },
      { context: {}, messages: [input] },
    ];
    for (const { context, messages } of cases) {
      const widget = await open(name, {
        capabilities: { serverTools: {}, message: {} },
        context,
        stoppedClock: true,
      });
      await widget.send(...messages);
      await widget.page.clock.runFor(SOME_SECONDS);
      await widget.frame.getByRole("button", { name: "Ask again" }).click();
      await widget.frame.getByText("Asked in the chat.").waitFor();
      const sent = (await widget.sent()).map(({ method }) => method);
      assert.ok(sent.includes("ui/message") && !sent.includes("tools/call"));
      await widget.close();
    }
  },
);

notesTest("a widget that can do nothing about a lost result says what to do (8.3)", async (open) => {
  const widget = await open(name, { stoppedClock: true });
  await widget.page.clock.runFor(SOME_SECONDS);
  assert.equal(await widget.frame.getByRole("button").count(), 0);
  assert.match(await widget.frame.innerText("main"), /Ask in the chat for your notes\./);
  await widget.close();
});

notesTest("a late result is shown all the same, and one that is there is never late (8.3)", async (open) => {
  const widget = await open(name, { stoppedClock: true });
  await widget.page.clock.runFor(SOME_SECONDS);
  await widget.send(...STATES.result);
  assert.match(await widget.frame.innerText("main"), /Buy stamps/);
  await widget.page.clock.runFor(SOME_SECONDS);
  assert.match(await widget.frame.innerText("main"), /Buy stamps/);
  await widget.close();
});

notesTest("a widget waits on while the model is still writing its input (8.3)", async (open) => {
  const widget = await open(name, { stoppedClock: true });
  for (let second = 0; second < 20; second += 5) {
    await widget.page.clock.runFor(5_000);
    await widget.send({ method: "ui/notifications/tool-input-partial", params: { arguments: {} } });
  }
  assert.match(await widget.frame.innerText("main"), /Looking for notes/);
  await widget.close();
});

notesTest(
  "in ChatGPT without MCP Apps, a result lost by a reload is asked for by a follow-up message (8.3)",
  async (_open, chromium) => {
    const page = await chromium.newPage();
    await page.clock.install();
    const prompts: unknown[] = [];
    await page.exposeFunction("record", (prompt: unknown) => void prompts.push(prompt));
    await page.evaluate(() => {
      const sendFollowUpMessage = ({ prompt }: { prompt: string }) =>
        Reflect.get(globalThis, "record")(prompt);
      Object.assign(globalThis, { openai: { toolOutput: null, sendFollowUpMessage } });
    });
    await page.setContent(notesWidget?.notes.html ?? "");
    await page.clock.runFor(SOME_SECONDS);
    await page.getByRole("button", { name: "Ask again" }).click();
    await page.getByText("Asked in the chat.").waitFor();
    assert.deepEqual(prompts, ["Please list my notes again."]);
  },
);
