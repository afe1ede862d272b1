import assert from "node:assert/strict";
import { createRemoteJWKSet, customFetch, jwtVerify } from "@panva/jose";
import type { DevIssuer } from "../../src/dev/issuer/issuer.ts";
import { assertError } from "./assert_error.ts";
import { codeFor, post, redeem, refresh, type Tokens, tokensOf } from "./flow.ts";
import { createClock, devIssuer, ISSUER, register } from "./dev_issuer.ts";

async function signIn(issuer: DevIssuer, scope: string): Promise<Tokens & { client_id: string }> {
  const { client_id } = await register(issuer);
  const code = await codeFor(issuer, client_id, { asked: { scope, nonce: "nonce-1" } });
  return { client_id, ...await tokensOf(await redeem(issuer, client_id, code)) };
}

function userinfo({ app }: DevIssuer, token?: string): Promise<Response> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return Promise.resolve(app.request("/auth/userinfo", { headers }));
}

Deno.test("openid brings an ID Token for the client, with nonce and the claims of the scopes (AST-12)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { id_token, client_id } = await signIn(issuer, "openid profile");
  const keys = createRemoteJWKSet(new URL(`${ISSUER}/jwks.json`), { [customFetch]: issuer.fetch });
  const { payload } = await jwtVerify(id_token, keys, { currentDate: new Date(clock.now()) });
  const { iat, exp, ...claims } = payload;
  assert.equal(iat, clock.now() / 1000);
  assert.ok(exp);
  assert.deepEqual(claims, {
    iss: ISSUER,
    aud: client_id,
    sub: "ada",
    name: "Ada",
    nonce: "nonce-1",
    auth_time: iat,
  });
  assert.equal((await signIn(issuer, "notes:read")).id_token, undefined);
});

Deno.test("userinfo tells what the scopes allow, while the token is good (AST-12)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { access_token } = await signIn(issuer, "openid email");
  assert.deepEqual(await (await userinfo(issuer, access_token)).json(), {
    sub: "ada",
    email: "ada@example.com",
  });
  const withoutToken = await userinfo(issuer);
  assert.equal(withoutToken.headers.get("www-authenticate"), "Bearer");
  await assertError(withoutToken, "invalid_token", 401);
  await assertError(await userinfo(issuer, "x.y.z"), "invalid_token", 401);
  const { access_token: narrow } = await signIn(issuer, "notes:read");
  await assertError(await userinfo(issuer, narrow), "insufficient_scope", 403);
  clock.pass(600);
  await assertError(await userinfo(issuer, access_token), "invalid_token", 401);
});

Deno.test("an ID Token is no access token (AST-12)", async () => {
  const issuer = await devIssuer();
  const { id_token } = await signIn(issuer, "openid");
  await assertError(await userinfo(issuer, id_token), "invalid_token", 401);
});

Deno.test("revoking either token ends the whole connection (AST-12, RFC 7009)", async () => {
  for (const kind of ["refresh_token", "access_token"] as const) {
    const issuer = await devIssuer();
    const { client_id, ...tokens } = await signIn(issuer, "openid");
    const response = await post(issuer, "/auth/revoke", { client_id, token: tokens[kind] });
    assert.equal(response.status, 200);
    await assertError(await refresh(issuer, client_id, tokens.refresh_token), "invalid_grant");
    await assertError(await userinfo(issuer, tokens.access_token), "invalid_token", 401);
  }
});

Deno.test("only the client itself can revoke, and an unknown token is no error (AST-12, RFC 7009)", async () => {
  const issuer = await devIssuer();
  const { client_id, refresh_token } = await signIn(issuer, "openid");
  const other = await register(issuer, { client_name: "Other" });
  for (const token of [refresh_token, "unknown"]) {
    const response = await post(issuer, "/auth/revoke", { client_id: other.client_id, token });
    assert.equal(response.status, 200);
  }
  await tokensOf(await refresh(issuer, client_id, refresh_token));
  await assertError(await post(issuer, "/auth/revoke", { client_id }), "invalid_request");
  await assertError(
    await post(issuer, "/auth/revoke", { client_id: "nobody", token: "x" }),
    "invalid_client",
    401,
  );
});
