import assert from "node:assert/strict";
import { ask, createTestServer, RESOURCE } from "../support.ts";

const { server } = await createTestServer();
const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const MIB = 1024 * 1024;

function post(body: BodyInit, headers: Record<string, string> = {}): Request {
  return new Request(RESOURCE, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** The body in chunks, so that no length is declared; says how much of it was read. */
function streamed(chunks: number, chunk: Uint8Array<ArrayBuffer>) {
  const read = { chunks: 0 };
  const body = new ReadableStream({
    pull(controller) {
      if (read.chunks++ < chunks) controller.enqueue(chunk);
      else controller.close();
    },
  });
  return { body, read };
}

Deno.test("a body of exactly 1 MiB is read, one byte more is 413 (TRN-27)", async () => {
  assert.equal((await ask(server, post(LIST.padEnd(MIB)))).status, 200);
  assert.equal((await ask(server, post(LIST.padEnd(MIB + 1)))).status, 413);
});

Deno.test("a declared length above the limit is 413 without reading (TRN-27)", async () => {
  const { body, read } = streamed(10, new Uint8Array(MIB));
  const { status } = await ask(server, post(body, { "content-length": String(10 * MIB) }));
  assert.equal(status, 413);
  assert.ok(read.chunks <= 1, `${read.chunks} chunks were read`);
});

Deno.test("an undeclared length is given up as soon as the limit is passed (TRN-27)", async () => {
  const { body, read } = streamed(100, new Uint8Array(256 * 1024));
  assert.equal((await ask(server, post(body))).status, 413);
  assert.ok(read.chunks <= 8, `${read.chunks} chunks were read`);
});

Deno.test("a small body that comes in pieces is put together, letters of several bytes too (TRN-24)", async () => {
  const bytes = new TextEncoder().encode(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":' +
      '{"name":"search_pizza_sf","arguments":{"searchTerm":"jalapeño 🍕"}}}',
  );
  const pieces = ReadableStream.from([...bytes].map((byte) => new Uint8Array([byte])));
  const { body } = await ask(server, post(pieces));
  assert.equal(body.result?.structuredContent?.["pizzaTopping"], "jalapeño 🍕");
});

for (
  const [type, status] of [
    ["application/json", 200],
    ["application/json; charset=utf-8", 200],
    ["Application/JSON", 200],
    ["application/json;charset=utf-8", 200],
    ["application/octet-stream", 200],
    ["text/plain", 415],
    ["text/plain; x=application/json", 415],
    ["application/x-www-form-urlencoded", 415],
    ["multipart/form-data; boundary=x", 415],
    ["application/xml", 415],
    ["application/jsonp", 415],
    ["text/json", 415],
  ] as const
) {
  Deno.test(`JSON sent as ${type} is answered with ${status} (TRN-26)`, async () => {
    const answer = await ask(server, post(LIST, { "content-type": type }));
    assert.equal(answer.status, status);
    if (status === 415) assert.match(answer.body.error?.message ?? "", /application\/json/);
  });
}

Deno.test("JSON without a content type is read (TRN-26)", async () => {
  const body = new TextEncoder().encode(LIST);
  assert.equal((await ask(server, new Request(RESOURCE, { method: "POST", body }))).status, 200);
});

for (
  const [what, body] of [
    ["nothing", ""],
    ["half an object", '{"jsonrpc":"2.0"'],
    ["a trailing comma", '{"jsonrpc":"2.0",}'],
    ["two messages in a row", LIST + LIST],
    ["a byte that is not UTF-8", new Uint8Array([...new TextEncoder().encode('"'), 0xff, 0x22])],
    ["UTF-16", new Uint8Array(new Uint16Array([...LIST].map((c) => c.charCodeAt(0))).buffer)],
    ["HTML", "<html>"],
  ] as const
) {
  Deno.test(`a body of ${what} is 400 and a parse error without id (BASE-08)`, async () => {
    const answer = await ask(server, post(body));
    assert.equal(answer.status, 400);
    assert.equal(answer.body.error?.code, -32700);
  });
}

Deno.test("a body nested 60 deep is read, and one nested 100 or 100,000 deep is 400", async () => {
  const nested = (depth: number) =>
    post(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${"[".repeat(depth)}${"]".repeat(depth)}}}`);
  assert.equal((await ask(server, nested(60))).status, 200);
  for (const depth of [100, 100_000]) {
    const { status, body } = await ask(server, nested(depth));
    assert.equal(status, 400);
    assert.match(body.error?.message ?? "", /nested/);
  }
});

Deno.test("size is judged before media type, media type before JSON, JSON before the token", async () => {
  const authorization = "Bearer not.a.token";
  const type = { "content-type": "text/plain" };
  assert.equal((await ask(server, post("{".padEnd(MIB + 1), { ...type, authorization }))).status, 413);
  assert.equal((await ask(server, post("{", { ...type, authorization }))).status, 415);
  assert.equal((await ask(server, post("{", { authorization }))).status, 400);
  assert.equal((await ask(server, post(LIST, { authorization }))).status, 401);
});
