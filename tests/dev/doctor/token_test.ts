import assert from "node:assert/strict";
import { createTestServer, NOW, TestIssuer } from "../../support.ts";
import { doctor, examineJson, RESOURCE } from "./examine.ts";

const { server, issuer } = await createTestServer();
const fetch = (request: Request) =>
  new URL(request.url).hostname === "issuer.test" ? issuer.fetch(request) : server.request(request);
const SECONDS = NOW / 1000;

/** What the doctor says about a token, by claim. */
async function explain(token: string): Promise<Record<string, string>> {
  const { results } = await examineJson([RESOURCE, "--token", "-"], fetch, {
    readToken: () => Promise.resolve(`${token}\n`),
  });
  return Object.fromEntries(
    results.filter(({ id }) => id.startsWith("token."))
      .map(({ id, verdict, seen, fix }) => [id.slice("token.".length), [verdict, seen, fix].join("|")]),
  );
}

Deno.test("a good token is explained claim by claim", async () => {
  const lines = await explain(
    await issuer.token({ name: "Ada Lovelace", scope: "notes:read notes:write" }),
  );
  const { scope, ...rest } = lines;
  assert.ok(Object.values(rest).every((line) => line.startsWith("ok|")), JSON.stringify(rest));
  assert.match(scope ?? "", /notes:read notes:write/);
  assert.match(lines["others"] ?? "", /name \(values not shown\)|client_id, name/);
});

const foreign = await TestIssuer.create();

/** A fault of a token each, by the claim that shows it. */
const FAULTS: readonly (readonly [string, string, () => string | Promise<string>, RegExp])[] = [
  [
    "another audience",
    "aud",
    () => issuer.token({ aud: "https://other.example" }),
    /^problem\|"https:\/\/other/,
  ],
  ["no audience", "aud", () => issuer.token({ aud: undefined }), /^problem\|none/],
  [
    "a slash too many",
    "iss",
    () => issuer.token({ iss: "https://issuer.test/" }),
    /^problem\|.*Only the slash/,
  ],
  ["its time over", "time", () => issuer.token({ exp: SECONDS - 300 }), /^problem\|expired 5 min ago/],
  ["its time to come", "time", () => issuer.token({ nbf: SECONDS + 300 }), /^problem\|valid in 5 min only/],
  ["no end", "time", () => issuer.token({ exp: undefined }), /^problem\|exp nothing/],
  ["a long life", "time", () => issuer.token({ exp: SECONDS + 86_400 * 30 }), /^warning\|lives for 30 days/],
  ["no person", "sub", () => issuer.token({ sub: undefined }), /^problem/],
  ["no scope", "scope", () => issuer.token({ scope: undefined }), /^warning\|none/],
  [
    "scopes in permissions",
    "scope",
    () => issuer.token({ scope: undefined, permissions: ["notes:read"] }),
    /SCOPE_CLAIMS/,
  ],
  ["a key bound to it", "cnf", () => issuer.token({ cnf: { jkt: "x" } }), /^problem\|bound to a key/],
  ["another type", "typ", () => issuer.token({}, { typ: "id+jwt" }), /^problem\|"id\+jwt"/],
  ["a foreign signature", "signature", () => foreign.token(), /^problem\|.*does not verify/],
  ["an unknown key", "signature", () => issuer.token({}, { kid: "other" }), /^problem\|.*no such key/],
  [
    "a shared secret",
    "signature",
    () => issuer.token({}, { alg: "HS256" }, new Uint8Array(32)),
    /^problem\|HS256/,
  ],
  ["no form to read", "format", () => "opaque-token", /^unknown\|an opaque token/],
  ["a sealed form", "format", () => "a.b.c.d.e", /^problem\|an encrypted JWT/],
  ["three broken parts", "format", () => "a.b.c", /^problem/],
];

for (const [words, claim, make, expected] of FAULTS) {
  Deno.test(`a token with ${words} is explained at ${claim}`, async () => {
    assert.match((await explain(await make()))[claim] ?? "", expected);
  });
}

Deno.test("a token is sent nowhere, and neither it nor whose it is appears in the report (AUTH-24)", async () => {
  const token = await issuer.token({ sub: "ada-the-person", email: "ada@example.org" });
  const sent: string[] = [];
  const { printed } = await doctor([RESOURCE, "--token", token], async (request) => {
    sent.push(request.url, ...request.headers.values(), await request.clone().text());
    return await fetch(request);
  });
  const [, payload = "", signature = ""] = token.split(".");
  for (const secret of [payload, signature, "ada-the-person", "ada@example.org"]) {
    assert.ok(!sent.some((text) => text.includes(secret)), secret);
    assert.ok(!printed.includes(secret), secret);
  }
});

Deno.test("keys are never asked of an issuer that only the token names", async () => {
  const asked: string[] = [];
  const token = await foreign.token({ iss: "https://evil.example" });
  await examineJson([RESOURCE, "--token", token], (request) => {
    asked.push(new URL(request.url).hostname);
    return fetch(request);
  });
  assert.ok(!asked.includes("evil.example"), asked.join());
});
