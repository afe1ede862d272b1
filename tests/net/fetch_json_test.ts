import assert from "node:assert/strict";
import { fetchJson } from "../../src/net/fetch_json.ts";

const answering = (body: BodyInit | null, status = 200) => () =>
  Promise.resolve(new Response(body, { status }));
const URL_ = "https://issuer.example/doc";

Deno.test("an answer is a JSON object, a status, unusable or missing, and never an exception", async () => {
  assert.deepEqual(await fetchJson(URL_, answering('{"a":1}')), { kind: "json", value: { a: 1 } });
  assert.deepEqual(await fetchJson(URL_, answering("gone", 410)), { kind: "status", status: 410 });
  assert.deepEqual(await fetchJson(URL_, answering("<html>")), { kind: "unusable", reason: "not JSON" });
  assert.deepEqual(await fetchJson(URL_, answering("[1]")), {
    kind: "unusable",
    reason: "not a JSON object",
  });
  const refused = () => Promise.reject(new TypeError("connection refused"));
  assert.deepEqual(await fetchJson(URL_, refused), { kind: "unreachable", reason: "connection refused" });
});

Deno.test("the JSON of a 4xx is read where it is asked for, and of no other status (10.1)", async () => {
  const read = (body: string, status: number) =>
    fetchJson(URL_, answering(body, status), { readErrors: true });
  const value = { error: "invalid_target" };
  assert.deepEqual(await read(JSON.stringify(value), 400), { kind: "status", status: 400, value });
  assert.deepEqual(await read("<html>", 404), { kind: "status", status: 404 });
  assert.deepEqual(await read(JSON.stringify(value), 500), { kind: "status", status: 500 });
  assert.deepEqual(await fetchJson(URL_, answering(JSON.stringify(value), 400)), {
    kind: "status",
    status: 400,
  });
});

Deno.test("a document is read up to 1 MiB and no further (A12)", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536).fill(32));
    },
  }, { highWaterMark: 0 });
  const outcome = await fetchJson(URL_, answering(endless));
  assert.deepEqual(outcome, { kind: "unusable", reason: "more than 1048576 bytes" });
  assert.ok(sent <= 1024 * 1024 + 65_536, `${sent} bytes were taken`);
});
