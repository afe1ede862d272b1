import assert from "node:assert/strict";
import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from "@panva/jose";
import { createTestServer } from "../../src/dev/testing/mod.ts";
import notes from "../notes_app.ts";
import { assertError } from "./assert_error.ts";
import { codeFor, type Fields, post, redeem, refresh, tokensOf, VERIFIER } from "./flow.ts";
import { createClock, devIssuer, ISSUER, register, RESOURCE } from "./dev_issuer.ts";

for (const signingAlgorithm of ["ES256", "RS256"] as const) {
  Deno.test(`a code becomes a short-lived RFC 9068 token signed by ${signingAlgorithm} (AST-05, AST-06, AST-07, AST-08)`, async () => {
    const clock = createClock();
    const issuer = await devIssuer({ signingAlgorithm, now: clock.now });
    const { client_id } = await register(issuer);
    const response = await redeem(issuer, client_id, await codeFor(issuer, client_id));
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
    const { access_token, token_type, expires_in, scope } = await tokensOf(response);
    assert.deepEqual([token_type, expires_in, scope], ["Bearer", 600, "notes:read profile:read"]);

    const keys = createRemoteJWKSet(new URL(`${ISSUER}/jwks.json`), { [customFetch]: issuer.fetch });
    const { payload, protectedHeader } = await jwtVerify(access_token, keys, {
      currentDate: new Date(clock.now()),
    });
    assert.deepEqual([protectedHeader.typ, protectedHeader.alg], ["at+jwt", signingAlgorithm]);
    const { iat = 0, exp, jti, sid, ...claims } = payload;
    assert.ok(jti && sid);
    assert.equal(exp, iat + 600);
    assert.deepEqual(claims, { iss: ISSUER, aud: RESOURCE, sub: "ada", client_id, scope });
  });
}

Deno.test("the lifetime of access tokens can be seconds, to watch a refresh (AST-07)", async () => {
  const issuer = await devIssuer({ accessTokenSeconds: 3 });
  const { client_id } = await register(issuer);
  const tokens = await tokensOf(await redeem(issuer, client_id, await codeFor(issuer, client_id)));
  assert.equal(tokens.expires_in, 3);
});

Deno.test("DEV_ACCESS_TOKEN_SECONDS is the lifetime of the development server's tokens", async () => {
  await using server = await createTestServer(notes, { env: { DEV_ACCESS_TOKEN_SECONDS: "3" } });
  const { exp = 0, iat = 0 } = decodeJwt(await server.accessToken());
  assert.equal(exp - iat, 3);
});

Deno.test("the token endpoint takes one form of single parameters (AST-01)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const code = await codeFor(issuer, client_id);
  const grant = { grant_type: "authorization_code", client_id, code, code_verifier: VERIFIER };
  const send = (body: BodyInit, contentType: string) =>
    issuer.app.request("/auth/token", { method: "POST", headers: { "content-type": contentType }, body });
  const form = new URLSearchParams(grant).toString();
  await assertError(await send(JSON.stringify(grant), "application/json"), "invalid_request");
  await assertError(await send(form, "text/plain"), "invalid_request");
  await assertError(
    await send(`${form}&code=${code}`, "application/x-www-form-urlencoded"),
    "invalid_request",
  );
  await assertError(
    await send(`${form}&x=${"x".repeat(20_000)}`, "application/x-www-form-urlencoded"),
    "invalid_request",
  );
  assert.equal((await issuer.app.request("/auth/token")).status, 404);
  await tokensOf(await send(form, "application/x-www-form-urlencoded; charset=UTF-8"));
});

Deno.test("a code works once, and using it again ends what it gave (ASA-13, ASA-14)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const code = await codeFor(issuer, client_id, { asked: { scope: "openid" } });
  const tokens = await tokensOf(await redeem(issuer, client_id, code));
  await assertError(await redeem(issuer, client_id, code), "invalid_grant");
  await assertError(await refresh(issuer, client_id, tokens.refresh_token), "invalid_grant");
  const userinfo = await issuer.app.request("/auth/userinfo", {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  assert.equal(userinfo.status, 401);
});

Deno.test("two requests with one code at the same time: one wins (ASA-13)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const code = await codeFor(issuer, client_id);
  const both = await Promise.all([redeem(issuer, client_id, code), redeem(issuer, client_id, code)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 400]);
});

Deno.test("a code lives for 60 seconds (ASA-13)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { client_id } = await register(issuer);
  const [early, late] = [await codeFor(issuer, client_id), await codeFor(issuer, client_id)];
  clock.pass(59);
  await tokensOf(await redeem(issuer, client_id, early));
  clock.pass(1);
  await assertError(await redeem(issuer, client_id, late), "invalid_grant");
});

Deno.test("a code is bound to client, redirect URI, verifier and resource; a wrong try does not spend it (ASA-13, AST-02, AST-03, AST-04)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const other = await register(issuer, { client_name: "Other" });
  const code = await codeFor(issuer, client_id);
  const wrong: [Fields, string][] = [
    [{ client_id: other.client_id }, "invalid_grant"],
    [{ redirect_uri: "http://127.0.0.1:1/callback" }, "invalid_grant"],
    [{ code_verifier: "b".repeat(43) }, "invalid_grant"],
    [{ code_verifier: undefined }, "invalid_request"],
    [{ code_verifier: "short" }, "invalid_request"],
    [{ code_verifier: `${"a".repeat(42)}!` }, "invalid_request"],
    [{ code_verifier: "a".repeat(129) }, "invalid_request"],
    [{ resource: "https://other.example/mcp" }, "invalid_target"],
    [{ code: "unknown" }, "invalid_grant"],
    [{ code: undefined }, "invalid_request"],
    [{ client_id: undefined }, "invalid_request"],
    [{ grant_type: "password" }, "unsupported_grant_type"],
    [{ grant_type: undefined }, "invalid_request"],
  ];
  for (const [fields, error] of wrong) {
    await assertError(await redeem(issuer, client_id, code, fields), error);
  }
  await tokensOf(await redeem(issuer, client_id, code, { redirect_uri: undefined, resource: RESOURCE }));
});

Deno.test("an unknown client at the token endpoint is 401 invalid_client (AST-09)", async () => {
  const issuer = await devIssuer();
  await assertError(await redeem(issuer, "nobody", "code"), "invalid_client", 401);
});

Deno.test("no error of the token endpoint repeats what was sent", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const secrets = { code: "secret-code", code_verifier: "secret-verifier", refresh_token: "secret-token" };
  for (const grant_type of ["authorization_code", "refresh_token"]) {
    const response = await post(issuer, "/auth/token", { grant_type, client_id, ...secrets });
    assert.equal(response.status, 400);
    assert.doesNotMatch(await response.text(), /secret-/);
  }
});
