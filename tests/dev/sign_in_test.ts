import assert from "node:assert/strict";
import { createRemoteJWKSet, customFetch, jwtVerify } from "@panva/jose";
import { codeFor, ISSUER, redeem, register, RESOURCE, testIssuer, tokensOf } from "./flow.ts";

Deno.test("a public client signs Ada in and gets an access token for the resource (AST-05, AST-06, AST-08)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const response = await redeem(issuer, client_id, await codeFor(issuer, client_id));
  assert.equal(response.headers.get("cache-control"), "no-store");
  const tokens = await tokensOf(response);
  assert.deepEqual([tokens.token_type, tokens.expires_in], ["Bearer", 600]);

  const keys = createRemoteJWKSet(new URL(`${ISSUER}/jwks.json`), { [customFetch]: issuer.fetch });
  const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, {
    issuer: ISSUER,
    audience: RESOURCE,
  });
  assert.deepEqual([protectedHeader.typ, protectedHeader.alg], ["at+jwt", "ES256"]);
  assert.equal(payload.sub, "ada");
  assert.equal(payload.client_id, client_id);
  assert.equal(payload.scope, "orders:read profile:read");
  assert.ok(payload.jti && payload.iat && payload.exp === payload.iat + 600);
});
