import assert from "node:assert/strict";
import { ask, createTestServer, ERAS, NOW, RESOURCE, TestIssuer, toolCall } from "../support.ts";

const SECONDS = NOW / 1000;
const { server, issuer } = await createTestServer();

/** Forms that real authorization servers give to a good access token: changed claims, changed header. */
const VARIANTS: Record<string, [claims: Record<string, unknown>, header?: Record<string, unknown>]> = {
  "as RFC 9068 has it": [{}],
  "typed application/at+jwt": [{}, { typ: "application/at+jwt" }],
  "typed AT+JWT, since media types know no case": [{}, { typ: "AT+JWT" }],
  "typed JWT, as Auth0's default profile does": [{}, { typ: "JWT" }],
  "without a type": [{}, { typ: undefined }],
  "without a key id, when there is one key": [{}, { kid: undefined }],
  "for several resources": [{ aud: ["https://issuer.test/userinfo", RESOURCE] }],
  "with more scopes than needed": [{ scope: "openid notes:read profile" }],
  "with its scopes in scp, as one string": [{ scope: undefined, scp: "notes:read" }],
  "with its scopes in scp, as a list": [{ scope: undefined, scp: ["notes:read", "openid"] }],
  "with its scopes in scope, as a list": [{ scope: ["notes:read"] }],
  "without iat and client_id": [{ iat: undefined, client_id: undefined }],
  "that names its client in azp": [{ client_id: undefined, azp: "test-client" }],
  "that began just now": [{ nbf: SECONDS }],
  "that begins within the leeway": [{ nbf: SECONDS + 30 }],
  "that ended within the leeway": [{ exp: SECONDS - 29 }],
  "with claims of its own": [{ "https://issuer.test/roles": ["admin"], permissions: ["notes:read"] }],
  "about a subject with a pipe and a space": [{ sub: "auth0|64f1 é" }],
  "about a subject as long as OpenID Connect allows": [{ sub: "é🍕".repeat(85) }],
  "of a client that is a long URL": [{ client_id: `https://client.test/${"c".repeat(1_000)}` }],
  "with five hundred scopes": [{
    scope: `notes:read ${Array.from({ length: 499 }, (_, i) => i).join(" ")}`,
  }],
};

for (const [form, [claims, header]] of Object.entries(VARIANTS)) {
  Deno.test(`a good token ${form} opens the protected call in both eras (C6, OAI-04)`, async () => {
    const token = await issuer.token(claims, header);
    for (const era of ERAS) {
      const { status, text } = await ask(server, toolCall(era, "list_notes", {}, { token }));
      assert.equal(status, 200, text);
    }
  });
}

for (const alg of ["RS256", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"]) {
  Deno.test(`a token signed with ${alg} is accepted (AUTH-05)`, async () => {
    const other = await TestIssuer.create("https://other.test", alg);
    const { server } = await serverFor([other]);
    const answer = await ask(
      server,
      toolCall("legacy", "list_notes", {}, { token: await other.token() }),
    );
    assert.equal(answer.status, 200, answer.text);
  });
}

Deno.test("tokens of every configured issuer are accepted, each with its own keys only (AUTH-03)", async () => {
  const one = await TestIssuer.create("https://one.test");
  const two = await TestIssuer.create("https://two.test/tenant/");
  const { server } = await serverFor([one, two]);
  for (const issuer of [one, two]) {
    const answer = await ask(
      server,
      toolCall("modern", "list_notes", {}, { token: await issuer.token() }),
    );
    assert.equal(answer.status, 200, answer.text);
  }
  const forged = await one.token({ iss: two.issuer });
  assert.equal((await ask(server, toolCall("modern", "list_notes", {}, { token: forged }))).status, 401);
});

Deno.test("a token for any configured audience is accepted, and for no other (AUTH-04)", async () => {
  const audiences = ["https://api.test", "urn:notes"];
  const one = await TestIssuer.create("https://one.test");
  const { server } = await serverFor([one], audiences);
  for (const [aud, status] of [...audiences.map((aud) => [aud, 200] as const), [RESOURCE, 401] as const]) {
    const token = await one.token({ aud });
    assert.equal(
      (await ask(server, toolCall("legacy", "list_notes", {}, { token }))).status,
      status,
      aud,
    );
  }
});

Deno.test("SCOPE_CLAIMS says which claims hold scopes, and all of them count", async () => {
  const scopeClaims = ["scope", "permissions", "https://notes.test/scopes", "__proto__"];
  const one = await TestIssuer.create("https://one.test");
  const { server } = await serverFor([one], [RESOURCE], scopeClaims);
  const status = async (claims: Record<string, unknown>) => {
    const token = await one.token(claims);
    return (await ask(server, toolCall("legacy", "list_notes", {}, { token }))).status;
  };
  assert.equal(await status({ scope: "openid profile", permissions: ["notes:read"] }), 200);
  assert.equal(await status({ scope: undefined, "https://notes.test/scopes": "notes:read" }), 200);
  assert.equal(await status({ scope: undefined, scp: "notes:read" }), 403);
});

Deno.test("one issuer that is down does not keep the tokens of another out (AUTH-27)", async () => {
  const one = await TestIssuer.create("https://one.test");
  const two = await TestIssuer.create("https://two.test");
  one.down = true;
  const { server } = await serverFor([one, two]);
  const status = async (issuer: TestIssuer) =>
    (await ask(server, toolCall("legacy", "list_notes", {}, { token: await issuer.token() }))).status;
  assert.equal(await status(one), 503);
  assert.equal(await status(two), 200);
});

async function serverFor(
  issuers: readonly TestIssuer[],
  audiences: readonly string[] = [RESOURCE],
  scopeClaims: readonly string[] = ["scope", "scp"],
) {
  const now = () => NOW;
  const fetch = async (url: string | URL | Request) => {
    const { origin } = new URL(url instanceof Request ? url.url : url);
    return await issuers.find(({ issuer }) => new URL(issuer).origin === origin)!.fetch(url);
  };
  const names = issuers.map(({ issuer }) => issuer);
  return await createTestServer({
    issuers: names,
    audiences,
    scopeClaims,
    fetch: fetch as typeof globalThis.fetch,
    now,
  });
}
