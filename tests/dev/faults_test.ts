import assert from "node:assert/strict";
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from "@panva/jose";
import { codeFor, redeem, tokensOf } from "./flow.ts";
import { createClock, devIssuer, ISSUER, register, RESOURCE } from "./dev_issuer.ts";

const JWKS = `${ISSUER}/jwks.json`;
const DISCOVERY = "http://localhost:8000/.well-known/oauth-authorization-server/auth";

Deno.test("accessToken() makes a token like a sign-in's, for any person, scopes, claims and header", async () => {
  const issuer = await devIssuer();
  const keys = createRemoteJWKSet(new URL(JWKS), { [customFetch]: issuer.fetch });
  const { payload } = await jwtVerify(await issuer.accessToken(), keys, {
    issuer: ISSUER,
    audience: RESOURCE,
    typ: "at+jwt",
  });
  assert.deepEqual([payload.sub, payload.scope], ["ada", "notes:read profile:read"]);

  const odd = await issuer.accessToken({
    person: "Grace",
    scopes: [],
    clientId: "app",
    claims: { cnf: { jkt: "x" }, jti: undefined },
    header: { typ: "JWT" },
  });
  const claims = decodeJwt(odd);
  assert.deepEqual([claims.sub, claims.client_id, claims.scope, claims.jti], [
    "grace",
    "app",
    undefined,
    undefined,
  ]);
  assert.deepEqual(claims.cnf, { jkt: "x" });
  assert.equal(decodeProtectedHeader(odd).typ, "JWT");
  await assert.rejects(issuer.accessToken({ person: "" }), /the person has no name/);
});

Deno.test("faults of the token show in those of a sign-in too, and go when they are switched off", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { client_id } = await register(issuer);
  const signIn = async () =>
    (await tokensOf(await redeem(issuer, client_id, await codeFor(issuer, client_id)))).access_token;
  issuer.faults.audience = "https://other.example/mcp";
  issuer.faults.issuer = "https://other.example";
  issuer.faults.expired = true;
  const { aud, iss, exp = 0, iat = 0 } = decodeJwt(await signIn());
  assert.deepEqual([aud, iss], ["https://other.example/mcp", "https://other.example"]);
  assert.ok(iat < exp && exp < clock.now() / 1000);

  Object.assign(issuer.faults, { audience: undefined, issuer: undefined, expired: false });
  const healed = decodeJwt(await signIn());
  assert.deepEqual([healed.aud, healed.iss, healed.exp], [RESOURCE, ISSUER, clock.now() / 1000 + 600]);
});

Deno.test("an unknown key signs tokens that the JWKS cannot verify", async () => {
  const issuer = await devIssuer();
  issuer.faults.unknownKey = true;
  const keys = createRemoteJWKSet(new URL(JWKS), { [customFetch]: issuer.fetch });
  await assert.rejects(jwtVerify(await issuer.accessToken(), keys), { code: "ERR_JWKS_NO_MATCHING_KEY" });
});

Deno.test("keys and discovery can be down", async () => {
  const issuer = await devIssuer();
  issuer.faults.keysDown = true;
  assert.equal((await issuer.fetch(JWKS)).status, 503);
  assert.equal((await issuer.fetch(DISCOVERY)).status, 200);
  Object.assign(issuer.faults, { keysDown: false, discoveryDown: true });
  assert.equal((await issuer.fetch(JWKS)).status, 200);
  assert.equal((await issuer.fetch(DISCOVERY)).status, 503);
});

Deno.test("slow keys answer when the test says so, and a caller can give up on them", async () => {
  const issuer = await devIssuer();
  const { promise, resolve } = Promise.withResolvers<void>();
  issuer.faults.keysSlow = promise;
  const patient = issuer.fetch(JWKS);
  const impatient = new AbortController();
  const aborted = issuer.fetch(JWKS, { signal: impatient.signal });
  impatient.abort(new Error("gave up"));
  await assert.rejects(aborted, /gave up/);
  resolve();
  assert.equal((await patient).status, 200);
});

Deno.test("the in-process fetch answers its own origin and nothing else", async () => {
  const issuer = await devIssuer();
  await assert.rejects(issuer.fetch("https://other.example/"), /only http:\/\/localhost:8000 is answered/);
});
