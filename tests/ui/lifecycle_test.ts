import assert from "node:assert/strict";
import { STATES } from "./fixture/samples.ts";
import { notesTest } from "./notes_widget.ts";
import type { OpenWidget } from "./widget_page.ts";

const name = "notes";

notesTest(
  "a widget initializes first, and says nothing in between (VIEW-01, VIEW-02, VIEW-03)",
  async (open) => {
    const widget = await open(name);
    const [first, second, ...rest] = await widget.sent();
    assert.equal(first?.method, "ui/initialize");
    assert.deepEqual(first?.params, {
      appInfo: { name, version: "1.0.0" },
      appCapabilities: { availableDisplayModes: ["inline"] },
      protocolVersion: "2026-01-26",
    });
    assert.equal(second?.method, "ui/notifications/initialized");
    assert.ok(rest.every(({ method }) => method === "ui/notifications/size-changed"));
    await widget.close();
  },
);

notesTest("a request that a widget does not know is answered with -32601", async (open) => {
  const widget = await open(name);
  const code = await widget.page.evaluate(() =>
    host.bridge.request({ method: "tools/list" }).then(() => 0, (error) => error.code)
  );
  assert.equal(code, -32601);
  await widget.close();
});

notesTest("a widget ignores other windows and whatever is not JSON-RPC 2.0 (VIEW-13)", async (open) => {
  const widget = await open(name);
  const [message] = STATES.result;
  await countMessages(widget);
  await widget.page.evaluate((data) => {
    const sibling = document.createElement("iframe");
    sibling.srcdoc = `<script>parent.frames[0].postMessage(${JSON.stringify(data)}, "*")</script>`;
    document.body.append(sibling);
  }, { jsonrpc: "2.0", ...message });
  await received(widget, 1);
  await widget.page.evaluate((data) => frames[0]?.postMessage(data, "*"), { jsonrpc: "1.0", ...message });
  await received(widget, 2);
  assert.match(await widget.frame.innerText("main"), /Looking for notes/);

  await widget.send(...STATES.result);
  assert.match(await widget.frame.innerText("main"), /Buy stamps/, "the same from the host is shown");
  await widget.close();
});

notesTest(
  "arguments that are still being written, in whatever shape, change nothing (VIEW-06)",
  async (open) => {
    const widget = await open(name);
    for (const input of [undefined, {}, { query: 5 }, { query: "sta" }]) {
      await widget.send({ method: "ui/notifications/tool-input-partial", params: { arguments: input } });
    }
    assert.match(await widget.frame.innerText("main"), /Looking for notes/);
    await widget.close();
  },
);

/** Counts the messages that reach the widget's window, whoever sent them. */
function countMessages({ frame }: OpenWidget): Promise<void> {
  return frame.evaluate(() => {
    const { dataset } = document.documentElement;
    dataset.messages = "0";
    addEventListener("message", () => dataset.messages = String(Number(dataset.messages) + 1));
  });
}

async function received({ frame }: OpenWidget, count: number): Promise<void> {
  await frame.waitForFunction(
    (wanted) => document.documentElement.dataset.messages === wanted,
    String(count),
  );
}
