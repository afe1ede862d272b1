import assert from "node:assert/strict";
import { createRemoteJWKSet, customFetch, jwtVerify } from "@panva/jose";
import type { DevIssuer } from "../../src/dev/issuer/issuer.ts";
import { assertError } from "./assert_error.ts";
import { codeFor, encoded, type Fields, post, redeem, tokensOf } from "./flow.ts";
import { createClock, devIssuer, ISSUER, register } from "./dev_issuer.ts";

const scopes = { "notes:read": "See your notes", "profile:read": "Read your profile" };

const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const API = "https://contacts.example/api";

/** Asks for a token for the API as the resource server does, changed by `fields`. */
async function exchange(issuer: DevIssuer, subjectToken: string, fields: Fields = {}): Promise<Response> {
  const { clientId, clientSecret } = issuer.resourceServer;
  return await issuer.app.request("/auth/token", {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: encoded({
      grant_type: GRANT_TYPE,
      subject_token: subjectToken,
      subject_token_type: ACCESS_TOKEN,
      resource: API,
      ...fields,
    }),
  });
}

Deno.test("an exchanged token is for the API, of the same person, and lives no longer than the first (RFC 8693, 10.1)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ scopes, now: clock.now });
  const token = await issuer.accessToken({ person: "Grace" });
  clock.pass(100);
  const response = await exchange(issuer, token, { scope: "notes:read" });
  assert.equal(response.headers.get("cache-control"), "no-store");
  const { access_token, ...answer } = await response.json();
  assert.deepEqual(answer, {
    issued_token_type: ACCESS_TOKEN,
    token_type: "Bearer",
    expires_in: 500,
    scope: "notes:read",
  });
  const keys = createRemoteJWKSet(new URL(`${ISSUER}/jwks.json`), { [customFetch]: issuer.fetch });
  const { payload } = await jwtVerify(access_token, keys, { currentDate: new Date(clock.now()) });
  const { jti, iat = 0, exp, ...claims } = payload;
  assert.ok(jti);
  assert.equal(exp, iat + 500);
  assert.deepEqual(claims, {
    iss: ISSUER,
    aud: API,
    sub: "grace",
    client_id: "resource-server",
    scope: "notes:read",
  });
  await assertError(await exchange(issuer, access_token), "invalid_request");
});

Deno.test("without a scope, an exchanged token has those of the first; an audience will do for a resource (10.1)", async () => {
  const issuer = await devIssuer({ scopes });
  const response = await exchange(issuer, await issuer.accessToken(), {
    resource: undefined,
    audience: "crm",
  });
  assert.equal((await response.json()).scope, "notes:read profile:read");
});

Deno.test("what cannot be exchanged is refused by the code that RFC 8693 gives it (10.1, AST-09)", async () => {
  const issuer = await devIssuer({ scopes });
  const token = await issuer.accessToken({ scopes: ["notes:read"] });
  const refused: readonly (readonly [string, Fields])[] = [
    ["invalid_scope", { scope: "notes:read profile:read" }],
    ["invalid_target", { resource: undefined }],
    ["invalid_target", { resource: "contacts" }],
    ["invalid_target", { resource: `${API}#part` }],
    ["invalid_target", { resource: [API, `${API}/2`] }],
    ["invalid_target", { audience: "crm" }],
    ["invalid_target", { resource: `${API}/${"x".repeat(2_048)}` }],
    ["invalid_request", { subject_token: undefined }],
    ["invalid_request", { subject_token: "nonsense" }],
    ["invalid_request", { subject_token: await issuer.accessToken({ claims: { aud: API } }) }],
    ["invalid_request", { subject_token: await issuer.accessToken({ claims: { exp: 1 } }) }],
    ["invalid_request", { subject_token_type: undefined }],
    ["invalid_request", { subject_token_type: "urn:ietf:params:oauth:token-type:id_token" }],
    ["invalid_request", { requested_token_type: "urn:ietf:params:oauth:token-type:refresh_token" }],
    ["invalid_request", { actor_token: token, actor_token_type: ACCESS_TOKEN }],
  ];
  for (const [code, fields] of refused) await assertError(await exchange(issuer, token, fields), code);
});

Deno.test("a grant that was revoked gives no more tokens for other APIs (10.1)", async () => {
  const issuer = await devIssuer({ scopes });
  const { client_id } = await register(issuer);
  const { access_token } = await tokensOf(await redeem(issuer, client_id, await codeFor(issuer, client_id)));
  assert.equal((await exchange(issuer, access_token)).status, 200);
  await post(issuer, "/auth/revoke", { client_id, token: access_token });
  await assertError(await exchange(issuer, access_token), "invalid_request");
});

Deno.test("only the resource server exchanges tokens, and it does nothing else (10.1, AST-09)", async () => {
  const issuer = await devIssuer({ scopes });
  const token = await issuer.accessToken();
  const fields = {
    grant_type: GRANT_TYPE,
    subject_token: token,
    subject_token_type: ACCESS_TOKEN,
    resource: API,
  };
  const { client_id } = await register(issuer);
  await assertError(await post(issuer, "/auth/token", { ...fields, client_id }), "unauthorized_client");
  const registered = await register(issuer, {
    token_endpoint_auth_method: "client_secret_post",
    grant_types: ["authorization_code", GRANT_TYPE],
  });
  const { client_secret } = registered;
  const own = { client_id: registered.client_id, client_secret: String(client_secret) };
  await assertError(await post(issuer, "/auth/token", { ...fields, ...own }), "unauthorized_client");
  const { clientId } = issuer.resourceServer;
  await assertError(
    await post(issuer, "/auth/token", { ...fields, client_id: clientId }),
    "invalid_client",
    401,
  );
  const guess = { client_id: clientId, client_secret: "guess" };
  await assertError(await post(issuer, "/auth/token", { ...fields, ...guess }), "invalid_client", 401);
});
