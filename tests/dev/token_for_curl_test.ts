import assert from "node:assert/strict";
import { getToken } from "../../src/dev/token.ts";
import { createTestServer } from "../../src/dev/testing/mod.ts";
import notes from "../notes_app.ts";

Deno.test("one command gives curl a token: of any person, with the scopes that were named or all", async () => {
  await using server = await createTestServer(notes);
  const fetch: typeof globalThis.fetch = (input, init) => server.fetch(new Request(input, init));
  const { origin } = new URL(server.resource);
  const reader = await getToken(origin, "Mary", ["notes:read"], fetch);
  const { result } = await server.callTool("list_notes", {}, { token: reader });
  assert.ok(result.structuredContent);
  assert.equal((await server.callTool("add_note", { title: "Buy milk" }, { token: reader })).status, 403);
  const writer = await getToken(origin, "Mary", [], fetch);
  assert.equal((await server.callTool("add_note", { title: "Buy milk" }, { token: writer })).status, 200);
  const other = await getToken(origin, "Ada", [], fetch);
  const texts = [writer, other].map(async (token) =>
    JSON.stringify((await server.callTool("list_notes", {}, { token })).result)
  );
  assert.deepEqual((await Promise.all(texts)).map((text) => text.includes("Buy milk")), [true, false]);
});

Deno.test("the command for a token names the scopes that there are to who asks for another", async () => {
  await using server = await createTestServer(notes);
  const fetch: typeof globalThis.fetch = (input, init) => server.fetch(new Request(input, init));
  const asked = getToken(new URL(server.resource).origin, "Ada", ["notes:typo"], fetch);
  await assert.rejects(asked, /notes:typo.*notes:read/s);
});

Deno.test("where nothing runs, or somebody else, the command for a token says what to do", async () => {
  const nowhere: typeof globalThis.fetch = () => Promise.reject(new TypeError("refused"));
  await assert.rejects(getToken("http://localhost:1", "Ada", [], nowhere), /run `deno task start`/);
  const other: typeof globalThis.fetch = () => Promise.resolve(new Response("", { status: 404 }));
  await assert.rejects(getToken("http://localhost:1", "Ada", [], other), /HTTP 404/);
});
