import assert from "node:assert/strict";
import { createKeys } from "../../src/auth/verify.ts";
import { ask, createTestServer, NOW, TestIssuer } from "../support.ts";

const READY = "http://localhost:8000/ready";
const documents = {
  rfc8414: "https://issuer.test/.well-known/oauth-authorization-server",
  openid: "https://issuer.test/.well-known/openid-configuration",
};

/** What /ready says about an issuer whose addresses answer with these JSON documents and nothing else. */
async function ready(issuer: string, answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const fetch = (url: string, init?: RequestInit): Promise<Response> => {
    asked.push(url);
    const answer = answers[url];
    if (answer === undefined) return Promise.resolve(new Response("not found", { status: 404 }));
    if (!(answer instanceof Response)) return Promise.resolve(Response.json(answer));
    const location = answer.headers.get("location");
    return location && init?.redirect !== "manual" ? fetch(location, init) : Promise.resolve(answer);
  };
  const keys = createKeys([issuer], { fetch: fetch as typeof globalThis.fetch, now: () => NOW });
  const { server } = await createTestServer({ readiness: { keys: () => keys.get(issuer)!.ready() } });
  const { status, body } = await ask<{ keys: string }>(server, new Request(READY));
  return { status, says: body.keys, asked };
}

const JWKS = { "https://issuer.test/jwks": { keys: [] } };
const metadata = (issuer: string) => ({ issuer, jwks_uri: "https://issuer.test/jwks" });

Deno.test("an issuer without a path is looked up by RFC 8414 first", async () => {
  const { status, asked } = await ready("https://issuer.test", {
    [documents.rfc8414]: metadata("https://issuer.test"),
    ...JWKS,
  });
  assert.equal(status, 200);
  assert.deepEqual(asked, [documents.rfc8414, "https://issuer.test/jwks"]);
});

Deno.test("an issuer with a path gets the well-known part inserted, then OpenID Connect's two places", async () => {
  const { status, asked } = await ready("https://issuer.test/tenant", {
    "https://issuer.test/tenant/.well-known/openid-configuration": metadata("https://issuer.test/tenant"),
    ...JWKS,
  });
  assert.equal(status, 200);
  assert.deepEqual(asked, [
    `${documents.rfc8414}/tenant`,
    `${documents.openid}/tenant`,
    "https://issuer.test/tenant/.well-known/openid-configuration",
    "https://issuer.test/jwks",
  ]);
});

Deno.test("an issuer whose name ends with a slash, as Auth0's does, is found and compared with it", async () => {
  const { status } = await ready("https://issuer.test/", {
    [documents.openid]: metadata("https://issuer.test/"),
    ...JWKS,
  });
  assert.equal(status, 200);
});

for (
  const [configured, stated] of [
    ["https://issuer.test", "https://issuer.test/"],
    ["https://issuer.test/", "https://issuer.test"],
  ] as const
) {
  Deno.test(`/ready names the exact fix when the issuer is ${stated} and not ${configured}`, async () => {
    const { status, says } = await ready(configured, { [documents.rfc8414]: metadata(stated), ...JWKS });
    assert.equal(status, 503);
    assert.match(says, /only by a trailing slash/);
    assert.ok(says.endsWith(`Set AUTHORIZATION_SERVER_URL=${stated}`), says);
  });
}

/** Answers from which no keys can be had, and what /ready says about them. */
const USELESS: Record<string, [answers: Readonly<Record<string, unknown>>, says: RegExp]> = {
  "the issuer has no metadata": [
    {},
    /tried .*oauth-authorization-server.*HTTP 404.*Check AUTHORIZATION_SERVER_URL/,
  ],
  "the metadata names another issuer": [
    { [documents.rfc8414]: metadata("https://evil.test"), ...JWKS },
    /states the issuer "https:\/\/evil.test" instead of/,
  ],
  "the metadata names no issuer": [
    { [documents.rfc8414]: { jwks_uri: "https://issuer.test/jwks" }, ...JWKS },
    /exactly as the server states it/,
  ],
  "the metadata has no jwks_uri": [
    { [documents.rfc8414]: { issuer: "https://issuer.test" } },
    /no usable jwks_uri/,
  ],
  "the jwks_uri is plain http": [
    { [documents.rfc8414]: { issuer: "https://issuer.test", jwks_uri: "http://issuer.test/jwks" } },
    /must be an https URL/,
  ],
  "the metadata is an HTML page": [{ [documents.rfc8414]: new Response("<html>") }, /not JSON/],
  "the metadata is a list": [{ [documents.rfc8414]: ["https://issuer.test"] }, /not a JSON object/],
  "the metadata is elsewhere": [
    {
      [documents.rfc8414]: new Response(null, { status: 302, headers: { location: "https://moved.test/" } }),
      "https://moved.test/": metadata("https://issuer.test"),
      ...JWKS,
    },
    /HTTP 302/,
  ],
  "the key set is missing": [
    { [documents.rfc8414]: metadata("https://issuer.test") },
    /jwks answered HTTP 404/,
  ],
  "the key set is not one": [
    { [documents.rfc8414]: metadata("https://issuer.test"), "https://issuer.test/jwks": { keys: "none" } },
    /No keys from https:\/\/issuer.test/,
  ],
};

for (const [what, [answers, expected]] of Object.entries(USELESS)) {
  Deno.test(`/ready is 503 and says why when ${what}`, async () => {
    const { status, says } = await ready("https://issuer.test", answers);
    assert.equal(status, 503);
    assert.match(says, expected);
  });
}

Deno.test("/ready tells what works from what does not, and /health does not care", async () => {
  const issuer = await TestIssuer.create();
  issuer.down = true;
  const keys = createKeys([issuer.issuer], { fetch: issuer.fetch as typeof fetch, now: () => NOW });
  const { server } = await createTestServer({
    readiness: { keys: () => keys.get(issuer.issuer)!.ready(), database: () => Promise.resolve() },
  });
  const { status, body } = await ask<Record<string, string>>(server, new Request(READY));
  assert.equal(status, 503);
  assert.equal(body["database"], "ok");
  assert.match(body["keys"] ?? "", /connection refused/);
  assert.equal((await server.request("http://localhost:8000/health")).status, 200);
});
