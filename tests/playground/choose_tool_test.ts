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

Deno.test("a tool that changes something is marked, so that only the person calls it", () => {
  for (const text of ["Add a note", "add a note, add it again"]) {
    const choice = chooseTool(tools, text);
    assert.deepEqual([choice?.tool.name, choice?.changes], ["add_note", true]);
  }
  assert.equal(chooseTool(tools, "search notes")?.changes, false);
});

Deno.test("words of a title weigh more than words of a description, and a tool that reads wins a tie", () => {
  const tool = (name: string, title: string, description: string, readOnlyHint: boolean) => ({
    ...{ name, title, description, inputSchema: { type: "object" as const }, annotations: { readOnlyHint } },
  });
  const find = tool("find_books", "Find books", "Finds a book to borrow or return.", true);
  const borrow = tool("borrow_book", "Borrow a book", "For a month.", false);
  for (const order of [[find, borrow], [borrow, find]]) {
    assert.equal(chooseTool(order, "Borrow a book")?.tool.name, "borrow_book");
    assert.equal(chooseTool(order, "return a book")?.tool.name, "find_books");
    const alike = order.map((tool) => ({ ...tool, name: "books", title: "Books" }));
    assert.equal(chooseTool(alike, "books for a month")?.changes, false);
  }
});
