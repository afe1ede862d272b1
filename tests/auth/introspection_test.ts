import assert from "node:assert/strict";
import { logged } from "../log_records.ts";
import { createTestServer, ISSUER, NOW, RESOURCE, TestIssuer, toolCall } from "../support.ts";

const ANSWER = {
  active: true,
  iss: ISSUER,
  sub: "ada",
  aud: RESOURCE,
  scope: "notes:read",
  exp: NOW / 1000 + 600,
};

/** A server whose issuer answers introspections with `answer`. */
async function start(answer: unknown, status = 200, perMinute = 100_000) {
  const clock = { now: NOW };
  const now = () => clock.now;
  const asked: Request[] = [];
  const issuer = await TestIssuer.create();
  const introspection = {
    url: `${ISSUER}/introspect`,
    clientId: "notes:server",
    clientSecret: "s cret",
  };
  const fetch = ((input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    if (request.url !== introspection.url) return issuer.fetch(input);
    asked.push(request);
    return Promise.resolve(
      answer instanceof Response ? answer : Response.json(answer, { status }),
    );
  }) as typeof globalThis.fetch;
  const { server } = await createTestServer({ introspection, rateLimitPerMinute: perMinute, fetch, now });
  const list = (token: string) => server.request(toolCall("legacy", "list_notes", {}, { token }));
  return { list, asked, issuer, clock };
}

Deno.test("an opaque token is good when its issuer says so, and is asked about once a minute (RFC 7662)", async () => {
  const { list, asked, clock } = await start(ANSWER);
  assert.equal((await list("opaque-token")).status, 200);
  assert.equal((await list("opaque-token")).status, 200);
  assert.equal(asked.length, 1);
  assert.equal(asked[0]!.method, "POST");
  assert.equal(asked[0]!.headers.get("authorization"), `Basic ${btoa("notes%3Aserver:s%20cret")}`);
  assert.equal(await asked[0]!.text(), "token=opaque-token&token_type_hint=access_token");
  clock.now += 60_000;
  assert.equal((await list("opaque-token")).status, 200);
  assert.equal(asked.length, 2);
});

Deno.test("a JWT is verified by its signature, without asking", async () => {
  const { list, asked, issuer } = await start({ active: false });
  assert.equal((await list(await issuer.token())).status, 200);
  assert.equal(asked.length, 0);
});

const BAD: Record<string, Record<string, unknown>> = {
  "is inactive": { active: false },
  "is active by name only": { ...ANSWER, active: "true" },
  "has expired past the leeway": { ...ANSWER, exp: NOW / 1000 - 30 },
  "has no end": { ...ANSWER, exp: undefined },
  "is not valid yet": { ...ANSWER, nbf: NOW / 1000 + 60 },
  "is another issuer's": { ...ANSWER, iss: `${ISSUER}/` },
  "is for another resource": { ...ANSWER, aud: "https://other.example/mcp" },
  "names no resource": { ...ANSWER, aud: undefined },
  "is bound to a key": { ...ANSWER, cnf: { jkt: "thumbprint" } },
  "belongs to nobody": { ...ANSWER, sub: undefined },
};

for (const [fault, answer] of Object.entries(BAD)) {
  Deno.test(`an opaque token that ${fault} is 401 invalid_token (AUTH-07)`, async () => {
    const { list } = await start(answer);
    const response = await list("opaque-token");
    assert.equal(response.status, 401);
    assert.match(response.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
  });
}

Deno.test("a scope that is missing from the answer is 403 (AUTH-13)", async () => {
  const { list } = await start({ ...ANSWER, scope: "profile" });
  assert.equal((await list("opaque-token")).status, 403);
});

for (const [status, answer] of [[401, {}], [500, {}], [200, ["active"]]] as const) {
  Deno.test(`an introspection endpoint that answers ${status} ${JSON.stringify(answer)} makes 503, not 401 (AUTH-27)`, async () => {
    const { list } = await start(answer, status);
    const response = await list("opaque-token");
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "1");
  });
}

Deno.test("clocks may be half a minute apart, for opaque tokens as for others", async () => {
  const { list } = await start({ ...ANSWER, exp: NOW / 1000 - 29, nbf: NOW / 1000 + 30 });
  assert.equal((await list("opaque-token")).status, 200);
});

Deno.test("what is known of opaque tokens: the issuer is asked once about one that comes 32 times at once (A5)", async () => {
  const { list, asked } = await start(ANSWER);
  const answers = await Promise.all(Array.from({ length: 32 }, () => list("opaque-token")));
  assert.deepEqual(answers.map(({ status }) => status), Array(32).fill(200));
  assert.equal(asked.length, 1);
});

for (const [fault, answer] of Object.entries(BAD)) {
  Deno.test(`the issuer is asked once in some seconds about a token that ${fault} (A5)`, async () => {
    const { list, asked, clock } = await start(answer);
    for (let count = 0; count < 20; count++) assert.equal((await list("opaque-token")).status, 401);
    assert.equal(asked.length, 1);
    clock.now += 10_000;
    assert.equal((await list("opaque-token")).status, 401);
    assert.equal(asked.length, 2);
  });
}

Deno.test("an outage of the issuer is not remembered as the token's fault (A5, AUTH-27)", async () => {
  const { list, asked } = await start({}, 500);
  for (let count = 0; count < 3; count++) assert.equal((await list("opaque-token")).status, 503);
  assert.equal(asked.length, 3);
});

Deno.test("a flood of different tokens is stopped before the issuer is asked, not after (A5)", async () => {
  const { list, asked } = await start({ active: false }, 200, 1);
  const statuses: number[] = [];
  for (let count = 0; count < 150; count++) statuses.push((await list(`garbage-${count}`)).status);
  assert.deepEqual(statuses, [...Array(10).fill(401), ...Array(140).fill(429)]);
  assert.equal(asked.length, 10);
});

Deno.test("tokens that come at once are counted before any of them is asked about (A5)", async () => {
  const { list, asked } = await start({ active: false }, 200, 1);
  await Promise.all(Array.from({ length: 150 }, (_, index) => list(`garbage-${index}`)));
  assert.equal(asked.length, 10);
});

Deno.test("when no more is asked, known tokens stay good and bad, and JWTs are verified as ever (A5, A9)", async () => {
  const active = { ...ANSWER };
  const { list, asked, issuer } = await start(active, 200, 2);
  assert.equal((await list("good")).status, 200);
  active.active = false;
  for (let count = 0; count < 30; count++) await list(`garbage-${count}`);
  assert.equal(asked.length, 20);
  assert.equal((await list("good")).status, 200);
  assert.equal((await list("garbage-0")).status, 401);
  assert.equal((await list(await issuer.token({ exp: 1 }))).status, 401);
  assert.equal((await list(await issuer.token({ sub: "grace" }))).status, 200);
});

Deno.test("a thousand refused tokens are remembered at most; the oldest goes first (A5)", async () => {
  const { list, asked } = await start({ active: false });
  for (let count = 0; count <= 1_000; count++) await list(`garbage-${count}`);
  asked.length = 0;
  await list("garbage-1000");
  await list("garbage-1");
  assert.equal(asked.length, 0);
  await list("garbage-0");
  assert.equal(asked.length, 1);
});

Deno.test("no more than 1 MiB is read of an introspection's answer (A12)", async () => {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536).fill(0x20));
    },
  });
  const { list } = await start(new Response(body));
  assert.equal((await list("opaque-token")).status, 503);
  assert.ok(sent < 2 ** 21, `${sent} bytes`);
});

Deno.test("refused credentials of ours are an outage, and the log names the variables to check", async () => {
  const { list } = await start({}, 401);
  const records = await logged(async () => void await list("opaque-token"));
  const reason = records.find(({ properties }) => properties["reason"])?.properties["reason"];
  assert.match(String(reason), /HTTP 401.*Check INTROSPECTION_CLIENT_ID and INTROSPECTION_CLIENT_SECRET\.$/);
});
