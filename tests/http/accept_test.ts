import assert from "node:assert/strict";
import { ask, createTestServer, ERAS, rpc, type RpcAnswer, toolCall } from "../support.ts";

const { server, issuer } = await createTestServer();

const JSON_ACCEPTING = [
  "application/json, text/event-stream",
  "text/event-stream, application/json",
  "application/json",
  "APPLICATION/JSON",
  "*/*",
  "application/*",
  "application/json;q=0.9, text/event-stream;q=1",
  "",
];

for (const era of ERAS) {
  for (const accept of JSON_ACCEPTING) {
    Deno.test(`${era}: Accept "${accept}" gets one JSON object (TRN-06, TRN-26)`, async () => {
      const { status, headers, body } = await ask(
        server,
        rpc(era, "tools/list", {}, { headers: { accept } }),
      );
      assert.equal(status, 200);
      assert.match(headers.get("content-type") ?? "", /^application\/json/);
      assert.equal(body.id, 1);
      assert.ok(body.result);
    });
  }

  Deno.test(`${era}: no Accept at all gets one JSON object (TRN-26)`, async () => {
    const request = rpc(era, "tools/list");
    request.headers.delete("accept");
    assert.ok((await ask(server, request)).body.result);
  });

  Deno.test(`${era}: who accepts nothing but a stream gets one that ends with the answer (TRN-06, TRN-09, TRN-10)`, async () => {
    const headers = { accept: "text/event-stream" };
    const answer = await ask(server, toolCall(era, "search_notes", { query: "clam" }, { headers }));
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/event-stream/);
    const messages = eventsOf(answer.text);
    assert.equal(messages.length, 1);
    assert.equal(messages[0]?.id, 1);
    assert.equal(messages[0]?.result?.structuredContent?.["query"], "clam");
    assert.ok(messages.every((message) => !("method" in message)), "nothing is asked of the client");
  });

  Deno.test(`${era}: a refusal is JSON whatever is accepted (AUTH-08)`, async () => {
    const headers = { accept: "text/event-stream" };
    const answer = await ask(server, toolCall(era, "list_notes", {}, { headers }));
    assert.equal(answer.status, 401);
    assert.equal(answer.body.result?.isError, true);
  });

  Deno.test(`${era}: ChatGPT's sign-in is a tool result, so it comes as a stream where nothing else is taken (C1, TRN-06)`, async () => {
    const headers = { accept: "text/event-stream", "user-agent": "openai-mcp/1.0" };
    const answer = await ask(server, toolCall(era, "list_notes", {}, { headers }));
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer /);
    assert.ok(eventsOf(answer.text)[0]?.result?._meta?.["mcp/www_authenticate"]);
  });

  Deno.test(`${era}: a notification is taken with 202 and no body (TRN-05)`, async () => {
    const request = rpc(era, "notifications/initialized");
    const { id: _, ...notification } = await request.clone().json();
    const sent = new Request(request, { body: JSON.stringify(notification) });
    const { status, text } = await ask(server, sent);
    assert.equal(status, 202);
    assert.equal(text, "");
  });

  Deno.test(`${era}: an answer to a signed-in caller is not to be stored, JSON or stream (CACHE-06)`, async () => {
    const token = await issuer.token();
    for (const accept of ["application/json", "text/event-stream"]) {
      for (const tool of ["search_notes", "list_notes"]) {
        const { headers } = await ask(server, toolCall(era, tool, {}, { token, headers: { accept } }));
        assert.equal(headers.get("cache-control"), "no-store", accept);
      }
    }
  });
}

Deno.test("a stream of the modern era tells proxies not to buffer it (TRN-11)", async () => {
  const { headers } = await ask(
    server,
    rpc("modern", "tools/list", {}, { headers: { accept: "text/event-stream" } }),
  );
  assert.equal(headers.get("x-accel-buffering"), "no");
});

function eventsOf(stream: string): RpcAnswer[] {
  return stream.split("\n").filter((line) => line.startsWith("data:") && line.slice(5).trim() !== "")
    .map((line) => JSON.parse(line.slice(5)));
}
