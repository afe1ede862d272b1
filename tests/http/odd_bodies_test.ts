import assert from "node:assert/strict";
import { ask, createTestServer, type Era, ERAS, RESOURCE, rpc, toolCall } from "../support.ts";

const { server, issuer } = await createTestServer();
const token = await issuer.token();

/** Bodies that are JSON and no good request. */
const BODIES: Record<string, string> = {
  "null": "null",
  "a number": "0",
  "a word": '"tools/list"',
  "true": "true",
  "an empty object": "{}",
  "an empty list": "[]",
  "a list of null": "[null]",
  "a list in a list": '[[{"jsonrpc":"2.0","id":1,"method":"ping"}]]',
  "no version": '{"id":1,"method":"tools/list"}',
  "another version": '{"jsonrpc":"1.0","id":1,"method":"tools/list"}',
  "a version that is a number": '{"jsonrpc":2.0,"id":1,"method":"tools/list"}',
  "no method": '{"jsonrpc":"2.0","id":1}',
  "a method that is a number": '{"jsonrpc":"2.0","id":1,"method":7}',
  "an empty method": '{"jsonrpc":"2.0","id":1,"method":""}',
  "a method of Object": '{"jsonrpc":"2.0","id":1,"method":"__proto__"}',
  "a method that every object has": '{"jsonrpc":"2.0","id":1,"method":"constructor"}',
  "another method that every object has": '{"jsonrpc":"2.0","id":1,"method":"toString","params":{"a":1}}',
  "an id that is null": '{"jsonrpc":"2.0","id":null,"method":"tools/list"}',
  "an id that is an object": '{"jsonrpc":"2.0","id":{},"method":"tools/list"}',
  "an id that is a list": '{"jsonrpc":"2.0","id":[1],"method":"tools/list"}',
  "an id that is true": '{"jsonrpc":"2.0","id":true,"method":"tools/list"}',
  "an id that is a fraction": '{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}',
  "an id beyond every integer": '{"jsonrpc":"2.0","id":1e999,"method":"tools/list"}',
  "params that are a list": '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["list_notes"]}',
  "params that are a word": '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":"list_notes"}',
  "params that are null": '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":null}',
  "a tool without a name": '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}',
  "a tool whose name is a number": '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":1}}',
  "a tool whose name is a list":
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":["list_notes"]}}',
  "a tool named like a property":
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"constructor"}}',
  "arguments that are a list": '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":' +
    '{"name":"search_notes","arguments":[]}}',
  "_meta that is a list": '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":[1]}}',
  "_meta that is a word": '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":"x"}}',
  "a claim that is a number": '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":' +
    '{"_meta":{"io.modelcontextprotocol/protocolVersion":20260728}}}',
  "a resource without an address": '{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{}}',
  "a resource whose address is a list":
    '{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":[1]}}',
  "a cursor that is a number": '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":5}}',
  "an initialize without params": '{"jsonrpc":"2.0","id":1,"method":"initialize"}',
  "an initialize of another shape": '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"a":1}}',
  "an answer": '{"jsonrpc":"2.0","id":1,"result":{}}',
  "an error": '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}',
  "a prototype": '{"__proto__":{"method":"tools/list"},"jsonrpc":"2.0","id":1}',
  "a lone surrogate": '{"jsonrpc":"2.0","id":"\\ud800","method":"tools/call","params":{"name":"\\udc00"}}',
  "a NUL": '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a\\u0000b"}}',
};

for (const [what, body] of Object.entries(BODIES)) {
  Deno.test(`a body of ${what} is the sender's fault, never ours (BASE-08)`, async () => {
    for (const authorization of [undefined, `Bearer ${token}`]) {
      for (const era of ERAS) {
        const { status, text, headers } = await ask(server, post(era, body, authorization));
        assert.ok(status < 500, `${status}: ${text}`);
        if (text === "") continue;
        assert.match(headers.get("content-type") ?? "", /^application\/json/);
        const answers = [JSON.parse(text)].flat();
        for (const { jsonrpc, error } of answers) {
          assert.equal(jsonrpc, "2.0");
          if (error) assert.ok(Number.isInteger(error.code) && error.code !== -32603 && error.message, text);
        }
      }
    }
  });
}

for (const id of [0, -1, 1, 2 ** 53 - 1, "", "a", "0", "é🍕", "x".repeat(1000)]) {
  Deno.test(`the id ${JSON.stringify(id).slice(0, 20)} comes back as it was sent (BASE-08)`, async () => {
    for (const era of ERAS) {
      const requests = [
        rpc(era, "tools/list", {}, { id }),
        toolCall(era, "list_notes", {}, { id }),
        toolCall(era, "nothing", {}, { id }),
        rpc(era, "foo/bar", {}, { id }),
      ];
      for (const request of requests) assert.equal((await ask(server, request)).body.id, id);
    }
  });
}

Deno.test("of a key that comes twice the last one is gated and served, one and the same (AUTH-22)", async () => {
  const twice = (first: string, last: string) =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${first}"},"params":{"name":"${last}"}}`;
  const status = async (body: string) => (await ask(server, post("legacy", body))).status;
  assert.equal(await status(twice("search_notes", "list_notes")), 401);
  assert.equal(await status(twice("list_notes", "search_notes")), 200);
});

function post(era: Era, body: string, authorization?: string): Request {
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(authorization && { authorization }),
    ...(era === "modern" && { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call" }),
  };
  return new Request(RESOURCE, { method: "POST", headers, body });
}
