import assert from "node:assert/strict";
import { exportJWK, generateKeyPair, SignJWT } from "@panva/jose";
import { assertError } from "./assert_error.ts";
import { authorize, codeFor, readPage, redeem, refresh, tokensOf } from "./flow.ts";
import { createClock, devIssuer, ISSUER } from "./dev_issuer.ts";
import { assertRefused, CLIENT_ID, DOCUMENT, internet } from "./internet.ts";

Deno.test("a client described by its document signs in and refreshes; the page shows the document's host (CIMD-03, ASA-08)", async () => {
  const issuer = await devIssuer(internet({ [CLIENT_ID]: DOCUMENT }).options);
  const { text } = await readPage(await authorize(issuer, CLIENT_ID));
  assert.ok(text.includes("Documented app") && text.includes("app.example"));
  const tokens = await tokensOf(await redeem(issuer, CLIENT_ID, await codeFor(issuer, CLIENT_ID)));
  await tokensOf(await refresh(issuer, CLIENT_ID, tokens.refresh_token));
});

const { privateKey } = await generateKeyPair("ES256", { extractable: true });
const BAD: Record<string, [document: unknown, reason: RegExp]> = {
  "without an id (CIMD-03)": [{ ...DOCUMENT, client_id: undefined }, /own URL/],
  "of another id (CIMD-02)": [{ ...DOCUMENT, client_id: "https://other.example/client.json" }, /own URL/],
  "without a name (CIMD-03)": [{ ...DOCUMENT, client_name: undefined }, /client_name/],
  "without redirect URIs (CIMD-03)": [{ ...DOCUMENT, redirect_uris: undefined }, /redirect_uris/],
  "without the redirect URI that is asked for (CIMD-04)": [
    { ...DOCUMENT, redirect_uris: ["https://other.example/callback"] },
    /did not register/,
  ],
  "with a script as redirect URI (ASA-02)": [
    { ...DOCUMENT, redirect_uris: ["javascript:alert(1)"] },
    /scheme that a browser interprets/,
  ],
  "in a list (CIMD-03)": [[DOCUMENT], /own URL/],
  "of HTML (CIMD-03)": [
    new Response("<html>", { headers: { "content-type": "text/html" } }),
    /is not JSON/,
  ],
  "with a secret (CIMD-08, C5)": [{ ...DOCUMENT, client_secret: "s" }, /no secret/],
  "with the end of a secret (CIMD-08, C5)": [{ ...DOCUMENT, client_secret_expires_at: 0 }, /no secret/],
  "that asks for a secret (CIMD-08, C5)": [
    { ...DOCUMENT, token_endpoint_auth_method: "client_secret_basic" },
    /cannot use a client secret/,
  ],
  "that asks for a certificate (CIMD-10)": [
    { ...DOCUMENT, token_endpoint_auth_method: "tls_client_auth" },
    /authentication methods/,
  ],
  "with a private key (CIMD-08)": [{ ...DOCUMENT, jwks: { keys: [await exportJWK(privateKey)] } }, /jwks/],
  "with a symmetric key (CIMD-08)": [
    { ...DOCUMENT, jwks: { keys: [{ kty: "oct", k: "c2VjcmV0" }] } },
    /jwks/,
  ],
};

for (const [what, [document, reason]] of Object.entries(BAD)) {
  Deno.test(`a client cannot use a document ${what}`, async () => {
    await assertRefused(await devIssuer(internet({ [CLIENT_ID]: document }).options), CLIENT_ID, reason);
  });
}

Deno.test("a document is kept as long as it allows, within a day, and a failure never (CIMD-09)", async () => {
  const cases: [string | undefined, number, number][] = [
    [undefined, 299, 300],
    ["max-age=60", 59, 60],
    ["public, max-age=999999999", 86_399, 86_400],
    ["no-store", -1, 0],
    ["no-cache, max-age=60", -1, 0],
  ];
  for (const [cacheControl, kept, gone] of cases) {
    const clock = createClock();
    const headers: Record<string, string> = cacheControl === undefined
      ? {}
      : { "cache-control": cacheControl };
    const { fetched, options } = internet({ [CLIENT_ID]: Response.json(DOCUMENT, { headers }) });
    const issuer = await devIssuer({ ...options, now: clock.now });
    await readPage(await authorize(issuer, CLIENT_ID));
    if (kept >= 0) {
      clock.pass(kept);
      await readPage(await authorize(issuer, CLIENT_ID));
      assert.equal(fetched.length, 1, cacheControl);
    }
    clock.pass(gone - Math.max(kept, 0));
    await readPage(await authorize(issuer, CLIENT_ID));
    assert.equal(fetched.length, 2, cacheControl);
  }
  const pages: Record<string, unknown> = { [CLIENT_ID]: { ...DOCUMENT, client_name: undefined } };
  const issuer = await devIssuer(internet(pages).options);
  await assertRefused(issuer, CLIENT_ID, /client_name/);
  pages[CLIENT_ID] = DOCUMENT;
  await readPage(await authorize(issuer, CLIENT_ID));
});

Deno.test("private_key_jwt alone is required; a list is a choice (CIMD-10)", async () => {
  const clock = createClock();
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwks_uri = "https://app.example/jwks.json";
  const document = { ...DOCUMENT, token_endpoint_auth_method: "private_key_jwt", jwks_uri };
  const pages: Record<string, unknown> = {
    [CLIENT_ID]: document,
    [jwks_uri]: { keys: [{ ...await exportJWK(publicKey), alg: "RS256" }] },
  };
  const newIssuer = () => devIssuer({ ...internet(pages).options, now: clock.now });
  const assertion = {
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await new SignJWT({ jti: "1" }).setProtectedHeader({ alg: "RS256" }).setIssuer(
      CLIENT_ID,
    )
      .setSubject(CLIENT_ID).setAudience(ISSUER).setExpirationTime(clock.now() / 1000 + 60).sign(privateKey),
  };
  const strict = await newIssuer();
  const code = await codeFor(strict, CLIENT_ID);
  await assertError(await redeem(strict, CLIENT_ID, code), "invalid_client", 401);
  await tokensOf(await redeem(strict, CLIENT_ID, code, assertion));

  pages[CLIENT_ID] = {
    ...document,
    token_endpoint_auth_methods_supported: ["none", "private_key_jwt", "tls"],
  };
  for (const fields of [{}, assertion]) {
    const issuer = await newIssuer();
    await tokensOf(await redeem(issuer, CLIENT_ID, await codeFor(issuer, CLIENT_ID), fields));
  }

  pages[jwks_uri] = { keys: [{ kty: "oct", k: "c2VjcmV0" }] };
  const poisoned = await newIssuer();
  const second = await codeFor(poisoned, CLIENT_ID);
  await assertError(await redeem(poisoned, CLIENT_ID, second, assertion), "invalid_client_metadata");
});
