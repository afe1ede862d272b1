import assert from "node:assert/strict";
import { logged } from "../log_records.ts";
import { ask, createTestServer, RESOURCE, type TestServer } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

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
      '{"name":"search_notes","arguments":{"query":"jalapeño 🍕"}}}',
  );
  const pieces = ReadableStream.from([...bytes].map((byte) => new Uint8Array([byte])));
  const { body } = await ask(server, post(pieces));
  assert.equal(body.result?.structuredContent?.["query"], "jalapeño 🍕");
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

Deno.test("10,000 values are read, one more is 400, however they are arranged (A16)", async () => {
  const bodies = (values: number) => [
    // The message and its members are six of them.
    `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":[${Array(values - 6).fill(0)}]}}`,
    `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":{${
      Array.from({ length: values - 6 }, (_, key) => `"${key}":0`)
    }}}}`,
    `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":[${Array((values - 6) / 2).fill("[0]")}]}}`,
  ];
  for (const body of bodies(10_000)) assert.equal((await ask(server, post(body))).status, 200);
  for (const body of bodies(10_002)) {
    const { status, body: answer } = await ask(server, post(body));
    assert.equal(status, 400);
    assert.match(answer.error?.message ?? "", /more than 10000 values/);
  }
});

Deno.test("an initialize of 80,000 members is refused before anything looks at them (A16)", async () => {
  const members = Array.from({ length: 80_000 }, (_, key) => `"${key}":{}`);
  const params =
    `{"protocolVersion":"2025-11-25","clientInfo":{"name":"t","version":"1"},"capabilities":{"experimental":{${members}}}}`;
  const { status, body } = await ask(
    server,
    post(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":${params}}`),
  );
  assert.equal(status, 400);
  assert.match(
    body.error?.message ?? "",
    /more than 10000 values/,
    "the count of values says so, and no schema",
  );
});

Deno.test("an empty batch is 400, with and without sign-in, in every dialect (A18)", async () => {
  for (const challengeMode of ["auto", "http", "result"] as const) {
    for (const requireAuth of [false, true]) {
      const { server } = await createTestServer({ challengeMode, requireAuth });
      const { status, body } = await ask(server, post("[]"));
      assert.equal(status, 400);
      assert.equal(body.error?.code, -32600);
      assert.match(body.error?.message ?? "", /batch is empty/);
    }
  }
});

for (
  const [encoding, status] of [
    ["identity", 200],
    ["Identity", 200],
    ["gzip", 415],
    ["br", 415],
    ["identity, gzip", 415],
    ["x", 415],
  ] as const
) {
  Deno.test(`a plain body with Content-Encoding: ${encoding} is ${status} (A18)`, async () => {
    const answer = await ask(server, post(LIST, { "content-encoding": encoding }));
    assert.equal(answer.status, status);
    if (status !== 415) return;
    assert.match(answer.body.error?.message ?? "", /Content-Encoding/);
    assert.equal(answer.headers.get("accept-encoding"), "identity");
  });
}

/** A body that says a little, and then waits. */
function unfinished() {
  const state: { cancelled?: unknown; read: Promise<void> } = { read: Promise.resolve() };
  const { promise, resolve } = Promise.withResolvers<void>();
  state.read = promise;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode("{"));
      resolve();
      return new Promise(() => {});
    },
    cancel: (reason) => void (state.cancelled = reason),
  });
  return { body, state };
}

Deno.test("a body that does not come in time is not read on after the 503 (A2)", async () => {
  for (const headers of [{}, { "content-length": "100" }]) {
    const { server } = await createTestServer({ timeLimitMs: 20 });
    const { body, state } = unfinished();
    assert.equal((await ask(server, post(body, headers))).status, 503);
    assert.match(String(state.cancelled), /longer than 0.02 seconds/);
  }
});

Deno.test("a body is not read on when the caller has gone, and that is nobody's error (A2, A14)", async () => {
  const { server } = await createTestServer();
  const records = await logged(async () => {
    const { body, state } = unfinished();
    const caller = new AbortController();
    const answer = server.request(new Request(post(body), { signal: caller.signal }));
    await state.read;
    caller.abort();
    assert.equal((await answer).status, 400);
    assert.ok(state.cancelled);
  });
  assert.deepEqual(records.filter(({ level }) => level !== "debug"), []);
});

Deno.test("an upload that breaks off is the caller's doing: 400, and nothing above debug (A14)", async () => {
  const { server } = await createTestServer();
  const records = await logged(async () => {
    const { status, body } = await ask(server, post(brokenOff()));
    assert.equal(status, 400);
    assert.match(body.error?.message ?? "", /before its body was complete/);
  });
  assert.deepEqual(records.map(({ level }) => level), ["debug"]);
});

Deno.test("an upload that is broken off by the end of the server is 503, to be sent again (A14)", async () => {
  const { server } = await createTestServer({ stopping: AbortSignal.abort() });
  const { status, headers, body } = await ask(server, post(brokenOff()));
  assert.equal(status, 503);
  assert.ok(Number(headers.get("retry-after")) > 0);
  assert.match(body.error?.message ?? "", /stopping/);
});

/** What a runtime hands over when the connection is lost halfway. */
function brokenOff(): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = [new TextEncoder().encode('{"jsonrpc"')];
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else controller.error(new TypeError("connection lost"));
    },
  });
}

/** The same server behind a connection: there a declared length holds, and small bodies are taken whole. */
function connected({ fetch }: TestServer) {
  return { request: (request: Request) => fetch(request, { remoteAddr: { hostname: "192.0.2.1" } }) };
}

function declared(body: ReadableStream<Uint8Array<ArrayBuffer>> | string, length: number): Request {
  return post(body, { "content-length": String(length) });
}

for (
  const [what, request, status] of [
    ["a list", () => declared(LIST, LIST.length), 200],
    ["a list of 64 KiB", () => declared(LIST.padEnd(64 * 1024), 64 * 1024), 200],
    ["a list of one byte more", () => declared(LIST.padEnd(64 * 1024 + 1), 64 * 1024 + 1), 200],
    ["a list of 1 MiB", () => declared(LIST.padEnd(MIB), MIB), 200],
    ["more than 1 MiB", () => declared(LIST.padEnd(MIB + 1), MIB + 1), 413],
    ["nothing", () => declared("", 0), 400],
    ["broken JSON", () => declared("{", 1), 400],
    ["no UTF-8", () => post(new Uint8Array([0x22, 0xff, 0x22]), { "content-length": "3" }), 400],
    ["a form", () => post("a=1", { "content-length": "3", "content-type": "text/plain" }), 415],
  ] as const
) {
  Deno.test(`over a connection ${what} is ${status}, as it is without one (TRN-27)`, async () => {
    for (const way of [server, connected(server)]) {
      assert.equal((await ask(way, request())).status, status);
    }
  });
}

Deno.test("over a connection a declared body may come in pieces, letters of several bytes too (TRN-24)", async () => {
  const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":' +
    '{"name":"search_notes","arguments":{"query":"jalapeño 🍕"}}}';
  const bytes = new TextEncoder().encode(call);
  const pieces = ReadableStream.from([...bytes].map((byte) => new Uint8Array([byte])));
  const { body } = await ask(connected(server), declared(pieces, bytes.length));
  assert.equal(body.result?.structuredContent?.["query"], "jalapeño 🍕");
});

Deno.test("over a connection a declared body that comes too late is 503, and what it asks for is not done (A2)", async () => {
  let calls = 0;
  const count = tool("count", () => ({ data: { answer: String(++calls) }, text: "Counted." }));
  const { server } = await createTestServer({ app: tinyApp([count]), timeLimitMs: 20 });
  const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"count","arguments":{}}}';
  const { promise: late, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: read, resolve: end } = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      await late;
      controller.enqueue(new TextEncoder().encode(call));
      controller.close();
      end();
    },
  });
  const way = connected(server);
  assert.equal((await ask(way, declared(body, call.length))).status, 503);
  arrive();
  await read;
  // The same call in time comes after it, and is the first to be carried out.
  const { body: answer } = await ask(way, declared(call, call.length));
  assert.equal(answer.result?.structuredContent?.["answer"], "1");
  assert.equal(calls, 1);
});

Deno.test("over a connection an upload that breaks off is 400, or 503 when the server stops, and nothing above debug (A14)", async () => {
  for (const [options, status] of [[{}, 400], [{ stopping: AbortSignal.abort() }, 503]] as const) {
    const { server } = await createTestServer(options);
    const records = await logged(async () => {
      assert.equal((await ask(connected(server), declared(brokenOff(), 100))).status, status);
    });
    assert.deepEqual(records.map(({ level }) => level), ["debug"]);
  }
});
