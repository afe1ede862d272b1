import assert from "node:assert/strict";
import { createRateLimit, TooManyCalls } from "../../src/http/rate_limit.ts";
import { createTestServer, ERAS, NOW, type RpcOptions, TestIssuer, toolCall } from "../support.ts";

const search = (options: RpcOptions = {}) => toolCall("legacy", "search_notes", {}, options);

async function limited(perMinute: number) {
  const minutes = { now: NOW };
  return { ...await createTestServer({ rateLimitPerMinute: perMinute, now: () => minutes.now }), minutes };
}

for (const era of ERAS) {
  Deno.test(`too many calls of an account are 429 with Retry-After and words for the model, ${era} (AUTH-31)`, async () => {
    const { server, issuer } = await limited(2);
    const call = async () =>
      await server.request(toolCall(era, "list_notes", {}, { token: await issuer.token() }));
    assert.equal((await call()).status, 200);
    assert.equal((await call()).status, 200);
    const response = await call();
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("retry-after"), "60");
    assert.equal(response.headers.get("www-authenticate"), null);
    const { result } = await response.json();
    assert.equal(result.isError, true);
    assert.match(result.content[0].text, /Try again in 60 seconds/);
  });
}

Deno.test("the next minute begins with a clean slate (AUTH-31)", async () => {
  const { server, issuer, minutes } = await limited(1);
  const token = await issuer.token();
  assert.equal((await server.request(search({ token }))).status, 200);
  assert.equal((await server.request(search({ token }))).status, 429);
  minutes.now += 60_000;
  assert.equal((await server.request(search({ token }))).status, 200);
});

Deno.test("two people whom different issuers call the same have a budget each (AUTH-31)", async () => {
  const [here, there] = [await TestIssuer.create(), await TestIssuer.create("https://other.test")];
  const { server } = await createTestServer({
    rateLimitPerMinute: 1,
    issuers: [here.issuer, there.issuer],
    fetch: (input) => {
      const { hostname } = new URL(input instanceof Request ? input.url : input);
      return (hostname === "other.test" ? there : here).fetch(input);
    },
  });
  const call = async (token: string) => (await server.request(search({ token }))).status;
  assert.equal(await call(await here.token()), 200);
  assert.equal(await call(await there.token()), 200);
  assert.equal(await call(await here.token()), 429);
});

Deno.test("one account's calls leave another's alone, and those of the same subject elsewhere", async () => {
  const { server, issuer } = await limited(1);
  const [ada, grace] = [await issuer.token(), await issuer.token({ sub: "grace" })];
  assert.equal((await server.request(search({ token: ada }))).status, 200);
  assert.equal((await server.request(search({ token: ada }))).status, 429);
  assert.equal((await server.request(search({ token: grace }))).status, 200);
});

Deno.test("anonymous people behind one address have a limit each, and a ceiling together (OAI-18)", async () => {
  const { server } = await limited(2);
  const from = (hint: string) =>
    server.fetch(search({ meta: { "openai/subject": hint } }), { remoteAddr: { hostname: "192.0.2.1" } });
  assert.equal((await from("a")).status, 200);
  assert.equal((await from("a")).status, 200);
  assert.equal((await from("a")).status, 429);
  assert.equal((await from("b")).status, 200);
  const others = await Promise.all(Array.from({ length: 20 }, (_, index) => from(`invented ${index}`)));
  assert.equal(others.filter(({ status }) => status === 200).length, 16, "20 calls from one address in all");
  assert.equal((await server.fetch(search(), { remoteAddr: { hostname: "192.0.2.2" } })).status, 200);
});

Deno.test("every element of a batch counts (AUTH-23, AUTH-31)", async () => {
  const { server, issuer } = await limited(3);
  const batch = Array.from({ length: 4 }, (_, id) => ({ jsonrpc: "2.0", id, method: "tools/list" }));
  const request = search({ token: await issuer.token() });
  const response = await server.request(
    new Request(request.url, { method: "POST", headers: request.headers, body: JSON.stringify(batch) }),
  );
  assert.equal(response.status, 429);
  assert.equal((await response.json()).length, 4);
});

for (
  const [what, requireAuth, token, ceiling] of [["bad tokens", false, "bad", 100], [
    "refusals of a closed server",
    true,
    undefined,
    10,
  ]] as const
) {
  Deno.test(`${what} are 429 when there are more than ${ceiling} in a minute (AUTH-20, AUTH-31, A9)`, async () => {
    const { server } = await createTestServer({ rateLimitPerMinute: 1, requireAuth });
    const statuses: number[] = [];
    for (let count = 0; count <= ceiling; count++) {
      statuses.push((await server.request(search({ token }))).status);
    }
    assert.deepEqual(statuses, [...Array(ceiling).fill(401), 429]);
  });
}

Deno.test("malformed credentials count like bad tokens (AUTH-17, A9)", async () => {
  const { server } = await limited(1);
  const statuses: number[] = [];
  for (let count = 0; count <= 100; count++) {
    statuses.push((await server.request(search({ headers: { authorization: "Bearer" } }))).status);
  }
  assert.deepEqual(statuses, [...Array(100).fill(400), 429]);
});

Deno.test("after an anonymous flood an expired token is still 401, so that its client refreshes it (A9)", async () => {
  const { server, issuer } = await limited(1);
  for (let count = 0; count < 10; count++) assert.equal((await server.request(search())).status, 200);
  assert.equal((await server.request(search())).status, 429);
  const expired = await issuer.token({ exp: NOW / 1000 - 60 });
  const response = await server.request(search({ token: expired }));
  assert.equal(response.status, 401);
  assert.match(response.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
});

Deno.test("a flood of bad tokens from one address leaves anonymous calls from there alone (A9)", async () => {
  const { server } = await limited(1);
  for (let count = 0; count < 20; count++) await server.request(search({ token: "bad" }));
  assert.equal((await server.request(search())).status, 200);
});

Deno.test("a flood of bad tokens from one address leaves accounts alone whose tokens are known there (A9)", async () => {
  const { server, issuer } = await limited(2);
  const token = await issuer.token();
  assert.equal((await server.request(search({ token }))).status, 200);
  for (let count = 1; count < 200; count++) await server.request(search({ token: "bad" }));
  assert.equal((await server.request(search({ token: "bad" }))).status, 429);
  assert.equal((await server.request(search({ token }))).status, 200);
});

Deno.test("after a hundred bad tokens from one address each answer to more of them waits, and nothing else does (issue 11)", async () => {
  const waited: number[] = [];
  const wait = (ms: number) => Promise.resolve(void waited.push(ms));
  const { server, issuer } = await createTestServer({ wait });
  const from = async (hostname: string, options: RpcOptions) =>
    (await server.fetch(search(options), { remoteAddr: { hostname } })).status;
  for (let count = 0; count < 100; count++) assert.equal(await from("192.0.2.1", { token: "bad" }), 401);
  assert.deepEqual(waited, []);
  assert.equal(await from("192.0.2.1", { token: "bad" }), 401);
  assert.equal(await from("192.0.2.1", { headers: { authorization: "Bearer" } }), 400);
  assert.deepEqual(waited, [10, 10]);
  assert.equal(await from("192.0.2.1", { token: await issuer.token() }), 200);
  assert.equal(await from("192.0.2.1", {}), 200);
  assert.equal(await from("192.0.2.2", { token: "bad" }), 401);
  assert.deepEqual(waited, [10, 10], "good calls, calls without a token and other addresses");
});

Deno.test("an outage of the issuer makes nobody wait for the answer (issue 11)", async () => {
  const waited: number[] = [];
  const { server, issuer } = await createTestServer({ wait: (ms) => Promise.resolve(void waited.push(ms)) });
  issuer.down = true;
  const token = await issuer.token();
  for (let count = 0; count < 120; count++) {
    assert.equal((await server.request(search({ token }))).status, 503);
  }
  assert.deepEqual(waited, []);
});

Deno.test("an empty batch is refused before it could count as a call (A18, AUTH-31)", async () => {
  const { server } = await limited(1);
  const empty = () => server.request(new Request(search(), { body: "[]" }));
  for (let count = 0; count < 11; count++) assert.equal((await empty()).status, 400);
});

for (
  const [one, other, shared] of [
    ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true],
    ["2001:db8::1", "2001:db8:0:0:9::", true],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
    ["2001:db8::5:6:7:8:9", "2001:db8::6:6:7:8:9", false],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.2", false],
    ["192.0.2.1", "192.0.2.2", false],
  ] as const
) {
  Deno.test(`${one} and ${other} are ${shared ? "one caller" : "two callers"} (AUTH-31)`, () => {
    const rateLimit = createRateLimit({ perMinute: 1, now: () => NOW });
    const call = (address: string) => rateLimit.countAnonymous(address, undefined, 10);
    call(one);
    if (shared) assert.throws(() => call(other), TooManyCalls);
    else call(other);
  });
}
