import assert from "node:assert/strict";
import { chooseTool } from "../../src/dev/playground/client/choose_tool.ts";
import { ask, createTestServer, rpc } from "../support.ts";
import notes from "../notes_app.ts";

type Tools = Parameters<typeof chooseTool>[0];
const { server } = await createTestServer();
const { body } = await ask(server, rpc("legacy", "tools/list"));
const tools = body.result?.["tools"] as Tools;
const choose = (text: string) => {
  const choice = chooseTool(tools, text);
  return choice && [choice.tool.name, choice.args];
};

Deno.test("every ready prompt finds its tool", () => {
  assert.deepEqual(notes.playground?.prompts?.map(choose), [
    ["search_notes", { query: "rules" }],
    ["list_notes", {}],
  ]);
});

Deno.test("what people and widgets say finds the tool they mean", () => {
  assert.deepEqual(choose("search my notes for stamps please"), ["search_notes", { query: "stamps" }]);
  assert.deepEqual(choose("Search notes"), ["search_notes", {}]);
  assert.equal(choose("Please sign me in and list my notes.")?.[0], "list_notes");
  assert.equal(choose("what is the weather like?"), undefined);
});

Deno.test("a tool that changes something is never guessed", () => {
  assert.notEqual(choose("add a note, add it again")?.[0], "add_note");
});
