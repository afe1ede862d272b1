import assert from "node:assert/strict";
import { followChallenge } from "../challenge_parser.ts";
import { ask, createTestServer, rpc, type RpcAnswer, type RpcOptions, toolCall } from "../support.ts";

const { server, issuer } = await createTestServer();

async function batch(requests: readonly Request[], options: RpcOptions = {}): Promise<Request> {
  const messages = await Promise.all(requests.map((request) => request.json()));
  return new Request(rpc("legacy", "ping", {}, options), { body: JSON.stringify(messages) });
}

const open = (id = 1) => toolCall("legacy", "search_notes", {}, { id });
const closed = (id = 2) => toolCall("legacy", "list_notes", {}, { id });

Deno.test("a batch of open calls is answered call by call (TRN-08)", async () => {
  const { status, body } = await ask<RpcAnswer[]>(
    server,
    await batch([open(1), rpc("legacy", "ping", {}, { id: 2 })]),
  );
  assert.equal(status, 200);
  assert.deepEqual(body.map(({ id }) => id).sort(), [1, 2]);
});

for (const [where, requests] of [["last", [open(), closed()]], ["first", [closed(), open()]]] as const) {
  Deno.test(`a batch with a protected call ${where} is refused as a whole (AUTH-23)`, async () => {
    const { status, headers, body } = await ask<RpcAnswer[]>(
      server,
      await batch(requests.map((r) => r.clone())),
    );
    assert.equal(status, 401);
    assert.equal((await followChallenge(server, headers.get("www-authenticate")))["scope"], "notes:read");
    assert.deepEqual(body.map(({ id }) => id).sort(), [1, 2]);
    for (const { result } of body) {
      assert.equal(result?.isError, true);
      assert.equal(result?.structuredContent, undefined);
    }
  });
}

Deno.test("a protected call hides behind nothing in a batch: notifications, hints, twenty open calls (AUTH-23)", async () => {
  const [call, first] = await Promise.all([closed().json(), open().json()]);
  const { id: _, ...notification } = call;
  const batches = [
    [notification],
    [first, notification],
    [...Array.from({ length: 19 }, (_, id) => ({ ...first, id })), { ...call, id: 99 }],
    [{ ...first, params: { ...first.params, _meta: { "openai/locale": "en" } } }, call, rpcPing],
  ];
  for (const messages of batches) {
    const request = new Request(rpc("legacy", "ping"), { body: JSON.stringify(messages) });
    const { status, text } = await ask<unknown>(server, request);
    assert.equal(status, 401, text);
    assert.ok(!text.includes("structuredContent"));
  }
});

Deno.test("a batch with an element that is no message is 400, and none of it runs (AUTH-23)", async () => {
  for (const odd of [null, 7, [], {}]) {
    const messages = [odd, await open().json(), await closed().json()];
    const { status, text } = await ask(
      server,
      new Request(rpc("legacy", "ping"), { body: JSON.stringify(messages) }),
    );
    assert.equal(status, 400, text);
    assert.ok(!text.includes("structuredContent"));
  }
});

Deno.test("a batch that cancels its own call is answered all the same, JSON or stream (TRN-08, TRN-12)", async () => {
  const cancel = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } };
  const messages = [await open().json(), cancel, rpcPing];
  for (const accept of ["application/json", "text/event-stream"]) {
    const request = new Request(rpc("legacy", "ping", {}, { headers: { accept } }), {
      body: JSON.stringify(messages),
    });
    const { status, text } = await ask<unknown>(server, request);
    assert.equal(status, 200);
    for (const id of [1, 50]) assert.ok(text.includes(`"id":${id}}`) || text.includes(`"id":${id},`), text);
  }
});

Deno.test("ChatGPT's dialect goes for a batch only when all of it is tool calls (C1)", async () => {
  const options = { headers: { "user-agent": "openai-mcp/1.0" } };
  assert.equal((await ask(server, await batch([open(), closed()], options))).status, 200);
  assert.equal(
    (await ask(server, await batch([rpc("legacy", "tools/list"), closed()], options))).status,
    401,
  );
});

Deno.test("a batch of a signed-in caller is served, and without the scope it is 403 (AUTH-13, AUTH-23)", async () => {
  const good = await ask<RpcAnswer[]>(
    server,
    await batch([open(), closed()], { token: await issuer.token() }),
  );
  assert.equal(good.status, 200);
  assert.equal(good.body.filter(({ result }) => result?.structuredContent).length, 2);
  const poor = await batch([open(), closed()], { token: await issuer.token({ scope: "" }) });
  assert.equal((await ask(server, poor)).status, 403);
});

Deno.test("a bad token refuses a batch of open calls (AUTH-20)", async () => {
  assert.equal((await ask(server, await batch([open(1), open(2)], { token: "bad" }))).status, 401);
});

Deno.test("twenty messages are a batch, twenty-one are 400 (TRN-08)", async () => {
  const many = (count: number) =>
    batch(Array.from({ length: count }, (_, id) => rpc("legacy", "ping", {}, { id })));
  assert.equal((await ask<RpcAnswer[]>(server, await many(20))).body.length, 20);
  const { status, body } = await ask(server, await many(21));
  assert.equal(status, 400);
  assert.match(body.error?.message ?? "", /at most 20/);
});

Deno.test("the modern era has no batches: they are 400 and -32600, protected or not (TRN-07)", async () => {
  for (const tool of ["search_notes", "list_notes"]) {
    const request = toolCall("modern", tool);
    const message = await request.clone().json();
    const legacy = await open().json();
    for (const messages of [[message], [legacy, message]]) {
      const { status, body, text } = await ask(
        server,
        new Request(request.clone(), { body: JSON.stringify(messages) }),
      );
      assert.equal(status, 400, text);
      assert.equal(body.error?.code, -32600);
    }
  }
});

const rpcPing = { jsonrpc: "2.0", id: 50, method: "ping" };

Deno.test("a batch with params that do not fit is -32602 as a whole, and nothing of it runs (BASE-08, TRN-08)", async () => {
  const misfits = [
    rpc("legacy", "initialize", {}, { id: 2 }),
    rpc("legacy", "tools/call", { name: 1 }, { id: 2 }),
  ];
  for (const misfit of misfits) {
    for (const requests of [[misfit.clone()], [open(1), misfit.clone()]]) {
      const { status, body } = await ask<RpcAnswer[]>(server, await batch(requests));
      assert.equal(status, 200);
      assert.equal(body.length, requests.length);
      for (const { error } of body) assert.equal(error?.code, -32602);
    }
  }
});
