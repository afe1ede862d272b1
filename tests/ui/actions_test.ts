import assert from "node:assert/strict";
import { STATES } from "./fixture/samples.ts";
import { notesTest } from "./notes_widget.ts";
import type { OpenWidget } from "./widget_page.ts";

const signInFirst = { isError: true, _meta: { "mcp/www_authenticate": ['Bearer error="invalid_token"'] } };

/** The parameters of every message that the widget sent by one method. */
async function sentBy({ sent }: OpenWidget, method: string) {
  return (await sent()).filter((message) => message.method === method).map(({ params }) => params);
}

notesTest("signing in is asked for in the chat, once (VIEW-14, VIEW-17)", async (open) => {
  const widget = await open("notes", { capabilities: { message: {} } });
  await widget.send(...STATES["signed out"]);
  await widget.frame.getByRole("button", { name: "Sign in" }).click();
  await widget.frame.getByText("Asked in the chat.").waitFor();
  assert.deepEqual(await sentBy(widget, "ui/message"), [{
    role: "user",
    content: [{ type: "text", text: "Please sign me in and list my notes." }],
  }]);
  await widget.close();
});

notesTest(
  "without messages to the chat, or when one is refused, the widget says what to type (VIEW-11, OAI-25)",
  async (open) => {
    const silent = await open("notes");
    await silent.send(...STATES["signed out"]);
    await silent.frame.getByText("Ask in the chat for your notes").waitFor();
    assert.equal(await silent.frame.getByRole("button").count(), 0);
    await silent.close();

    const refusing = await open("notes", { capabilities: { message: {} }, refuseMessages: true });
    await refusing.send(...STATES["signed out"]);
    await refusing.frame.getByRole("button", { name: "Sign in" }).click();
    assert.match(await refusing.frame.getByRole("alert").innerText(), /Ask in the chat for your notes/);
    await refusing.close();
  },
);

notesTest(
  "a failed call can be tried again with the same arguments, where the host allows calls (VIEW-11)",
  async (open) => {
    const tool = { name: "search_notes", inputSchema: { type: "object" } };
    const input = { method: "ui/notifications/tool-input", params: { arguments: { query: "stamps" } } };
    const widget = await open("notes", {
      capabilities: { serverTools: {} },
      context: { toolInfo: { tool } },
      toolAnswers: [STATES.result[0]?.params ?? {}],
    });
    await widget.send(input, ...STATES.error);
    await widget.frame.getByRole("button", { name: "Try again" }).click();
    await widget.frame.getByText("Buy stamps").waitFor();
    assert.deepEqual(await sentBy(widget, "tools/call"), [{
      name: tool.name,
      arguments: input.params.arguments,
    }]);
    await widget.close();

    const without = await open("notes", { context: { toolInfo: { tool } } });
    await without.send(input, ...STATES.error);
    await without.frame.getByText("Wait 20 seconds").waitFor();
    assert.equal(await without.frame.getByRole("button").count(), 0);
    await without.close();
  },
);

notesTest(
  "a widget's own call fails, is repeated, works, or asks for a sign-in, each item by itself",
  async (open) => {
    const widget = await open("notes", {
      capabilities: { serverTools: {}, message: {} },
      toolAnswers: [{ isError: true }, {}, signInFirst],
    });
    await widget.send(...STATES.result);
    const [first, second] = [0, 1].map((index) => widget.frame.locator(".note").nth(index));
    await first!.getByRole("button", { name: "Copy" }).click();
    await first!.getByRole("button", { name: "Try to copy again" }).click();
    await first!.getByText("Copied").waitFor();
    await second!.getByRole("button", { name: "Copy" }).click();
    await second!.getByRole("button", { name: "Sign in to copy" }).waitFor();
    assert.deepEqual(
      await sentBy(widget, "tools/call"),
      ["note-0", "note-0", "note-1"].map((id) => ({ name: "copy_note", arguments: { id } })),
    );
    await widget.close();

    const without = await open("notes");
    await without.send(...STATES.result);
    await without.frame.getByText("Buy stamps").waitFor();
    assert.equal(await without.frame.getByRole("button", { name: "Copy" }).count(), 0);
    await without.close();
  },
);
