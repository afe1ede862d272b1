import assert from "node:assert/strict";
import { STATES } from "../ui/fixture/samples.ts";
import { notesTest } from "../ui/notes_widget.ts";

/** What a view may send (MCP Apps 2026-01-26, "Standard MCP Messages" and "Requests"). */
const METHODS = [
  "tools/call",
  "resources/read",
  "notifications/message",
  "ping",
  "ui/initialize",
  "ui/notifications/initialized",
  "ui/notifications/size-changed",
  "ui/open-link",
  "ui/message",
  "ui/request-display-mode",
  "ui/update-model-context",
];

notesTest(
  "a widget sends only what MCP Apps has, in every state and with every button pressed (VIEW-10)",
  async (open) => {
    const widget = await open("notes", {
      capabilities: { message: {}, serverTools: {} },
      context: { toolInfo: { tool: { name: "any", inputSchema: { type: "object" } } } },
    });
    await widget.send({ method: "ui/notifications/tool-input", params: { arguments: {} } });
    for (const messages of Object.values(STATES)) {
      await widget.send(...messages);
      // What the messages bring is drawn by the second frame after them.
      for (const _ of [1, 2]) {
        await widget.frame.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      }
      await widget.frame.locator("button:enabled").evaluateAll((buttons) =>
        buttons.forEach((button) => (button as HTMLButtonElement).click())
      );
      // What a press asks of the host is there after one ping, and the answer after another; it would take the next
      // state's place.
      for (const _ of [1, 2]) await widget.send();
    }
    const methods = new Set((await widget.sent()).flatMap(({ method }) => method ?? []));
    await widget.close();
    assert.deepEqual([...methods].filter((method) => !METHODS.includes(method)), []);
    assert.ok(methods.has("ui/message") && methods.has("tools/call"), [...methods].join());
  },
);
