import assert from "node:assert/strict";
import { cacheVerified } from "../../src/auth/token_cache.ts";
import { createVerification } from "../../src/auth/verification.ts";
import { createTestServer, ISSUER, NOW, RESOURCE, TestIssuer, toolCall } from "../support.ts";

const ANSWER = {
  active: true,
  iss: ISSUER,
  sub: "ada",
  aud: RESOURCE,
  scope: "orders:read",
  exp: NOW / 1000 + 600,
};

/** A server whose issuer answers introspections with `answer`. */
async function start(answer: unknown, status = 200) {
  const clock = { now: NOW };
  const now = () => clock.now;
  const asked: Request[] = [];
  const issuer = await TestIssuer.create();
  const introspection = {
    url: `${ISSUER}/introspect`,
    clientId: "pizza:server",
    clientSecret: "s cret",
  };
  const fetch = ((input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    if (request.url !== introspection.url) return issuer.fetch(input);
    asked.push(request);
    return Promise.resolve(Response.json(answer, { status }));
  }) as typeof globalThis.fetch;
  const audiences = [RESOURCE];
  const { verify } = createVerification({ issuers: [ISSUER], audiences, introspection, fetch, now });
  const { server } = await createTestServer({ verify: cacheVerified(verify, now) });
  const orders = (token: string) => server.request(toolCall("legacy", "see_past_orders", {}, { token }));
  return { orders, asked, issuer, clock };
}

Deno.test("an opaque token is good when its issuer says so, and is asked about once a minute (RFC 7662)", async () => {
  const { orders, asked, clock } = await start(ANSWER);
  assert.equal((await orders("opaque-token")).status, 200);
  assert.equal((await orders("opaque-token")).status, 200);
  assert.equal(asked.length, 1);
  assert.equal(asked[0]!.method, "POST");
  assert.equal(asked[0]!.headers.get("authorization"), `Basic ${btoa("pizza%3Aserver:s%20cret")}`);
  assert.equal(await asked[0]!.text(), "token=opaque-token&token_type_hint=access_token");
  clock.now += 60_000;
  assert.equal((await orders("opaque-token")).status, 200);
  assert.equal(asked.length, 2);
});

Deno.test("a JWT is verified by its signature, without asking", async () => {
  const { orders, asked, issuer } = await start({ active: false });
  assert.equal((await orders(await issuer.token())).status, 200);
  assert.equal(asked.length, 0);
});

const BAD: Record<string, Record<string, unknown>> = {
  "is inactive": { active: false },
  "is active by name only": { ...ANSWER, active: "true" },
  "has expired": { ...ANSWER, exp: NOW / 1000 },
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
    const { orders } = await start(answer);
    const response = await orders("opaque-token");
    assert.equal(response.status, 401);
    assert.match(response.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
  });
}

Deno.test("a scope that is missing from the answer is 403 (AUTH-13)", async () => {
  const { orders } = await start({ ...ANSWER, scope: "profile" });
  assert.equal((await orders("opaque-token")).status, 403);
});

for (const [status, answer] of [[401, {}], [500, {}], [200, ["active"]]] as const) {
  Deno.test(`an introspection endpoint that answers ${status} ${JSON.stringify(answer)} makes 503, not 401 (AUTH-27)`, async () => {
    const { orders } = await start(answer, status);
    const response = await orders("opaque-token");
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "1");
  });
}
