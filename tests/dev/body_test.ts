import assert from "node:assert/strict";
import { assertError, assertErrorPage } from "./assert_error.ts";
import { serveIssuer } from "./served_issuer.ts";
import { devIssuer } from "./dev_issuer.ts";

const FORM = "application/x-www-form-urlencoded";
/** Every endpoint that reads a body. */
const ENDPOINTS = [
  { path: "/auth/token", contentType: FORM, error: "invalid_request" },
  { path: "/auth/revoke", contentType: FORM, error: "invalid_request" },
  { path: "/auth/register", contentType: "application/json", error: "invalid_client_metadata" },
  { path: "/auth/consent", contentType: FORM, error: undefined },
];

/** A body that begins and never ends; `cancelled` tells whether the reader gave it up. */
function halfBody(): { body: ReadableStream<Uint8Array>; state: { cancelled: boolean } } {
  const state = { cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
    cancel: () => void (state.cancelled = true),
  });
  return { body, state };
}

for (const { path, contentType, error } of ENDPOINTS) {
  Deno.test(`${path} gives up a body that does not arrive within ten seconds (A17)`, async () => {
    const deadline = new AbortController();
    const limits: number[] = [];
    const timeout = (ms: number) => {
      limits.push(ms);
      return deadline.signal;
    };
    const issuer = await devIssuer({ timeout });
    const { body, state } = halfBody();
    const headers = { "content-type": contentType };
    const answer = Promise.resolve(issuer.app.request(path, { method: "POST", headers, body }));
    await new Promise((resolve) => setTimeout(resolve));
    assert.deepEqual([limits, state.cancelled], [[10_000], false]);
    deadline.abort(new Error("time is up"));
    if (error === undefined) await assertErrorPage(await answer, /ten seconds/, 408);
    else await assertError(await answer, error, 408);
    assert.equal(state.cancelled, true);
  });

  Deno.test(`${path} stops reading when the caller has gone (A2, A17)`, async () => {
    const issuer = await devIssuer();
    const { body, state } = halfBody();
    const caller = new AbortController();
    const headers = { "content-type": contentType };
    const answer = issuer.app.request(path, { method: "POST", headers, body, signal: caller.signal });
    await new Promise((resolve) => setTimeout(resolve));
    caller.abort();
    assert.equal((await answer).status, 408);
    assert.equal(state.cancelled, true);
  });
}

const { state: mayListen } = await Deno.permissions.query({ name: "net" });

Deno.test({
  name: "half a body on a real connection is answered at its deadline (A17)",
  ignore: mayListen !== "granted",
  async fn() {
    const deadline = new AbortController();
    const reading = Promise.withResolvers<void>();
    const timeout = () => {
      reading.resolve();
      return deadline.signal;
    };
    await using served = await serveIssuer({ timeout });
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: served.port });
    const head = [
      "POST /auth/token HTTP/1.1",
      `host: localhost:${served.port}`,
      `content-type: ${FORM}`,
      "content-length: 100",
    ];
    await connection.write(new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\ngrant_type=`));
    await reading.promise;
    deadline.abort();
    const answer = new Uint8Array(20);
    await connection.read(answer);
    assert.match(new TextDecoder().decode(answer), /^HTTP\/1\.1 408 /);
  },
});
