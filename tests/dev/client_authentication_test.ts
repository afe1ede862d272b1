import assert from "node:assert/strict";
import { exportJWK, generateKeyPair, SignJWT } from "@panva/jose";
import { assertError } from "./assert_error.ts";
import { codeFor, type Fields, post, redeem, tokensOf, VERIFIER } from "./flow.ts";
import { createClock, devIssuer, ISSUER, register } from "./dev_issuer.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

function basic(id: string, secret: string): Record<string, string> {
  const encode = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);
  return { authorization: `Basic ${btoa(`${encode(id)}:${encode(secret)}`)}` };
}

Deno.test("client_secret_basic takes the right secret, and nothing else (AST-09)", async () => {
  const issuer = await devIssuer();
  const { client_id, client_secret } = await register(issuer, {
    token_endpoint_auth_method: "client_secret_basic",
  });
  const secret = String(client_secret);
  const grant = {
    grant_type: "authorization_code",
    code: await codeFor(issuer, client_id),
    code_verifier: VERIFIER,
  };
  for (
    const headers of [
      basic(client_id, "wrong"),
      basic(client_id, ""),
      basic("nobody", secret),
      { authorization: "Basic !" },
      { authorization: `Bearer ${secret}` },
      { authorization: `Basic ${btoa("%zz:%zz")}` },
    ]
  ) {
    const response = await post(issuer, "/auth/token", grant, headers);
    if (headers.authorization !== basic("nobody", secret).authorization) {
      assert.match(response.headers.get("www-authenticate") ?? "", /^Basic /);
    }
    await assertError(response, "invalid_client", 401);
  }
  const viaForm = { ...grant, client_id, client_secret: secret };
  await assertError(await post(issuer, "/auth/token", viaForm), "invalid_client", 401);
  await assertError(await post(issuer, "/auth/token", { ...grant, client_id }), "invalid_client", 401);
  await tokensOf(await post(issuer, "/auth/token", grant, basic(client_id, secret)));
});

Deno.test("client_secret_post takes the right secret, and one way of authentication at a time (AST-09)", async () => {
  const issuer = await devIssuer();
  const { client_id, client_secret } = await register(issuer, {
    token_endpoint_auth_method: "client_secret_post",
  });
  const secret = String(client_secret);
  const code = await codeFor(issuer, client_id);
  await assertError(await redeem(issuer, client_id, code, { client_secret: "wrong" }), "invalid_client", 401);
  await assertError(await redeem(issuer, client_id, code), "invalid_client", 401);
  const twice = { grant_type: "authorization_code", client_id, code, client_secret: secret };
  await assertError(await post(issuer, "/auth/token", twice, basic(client_id, secret)), "invalid_request");
  await tokensOf(await redeem(issuer, client_id, code, { client_secret: secret }));
});

Deno.test("a public client cannot pass with a secret it never got (AST-09)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const code = await codeFor(issuer, client_id);
  await assertError(await redeem(issuer, client_id, code, { client_secret: "x" }), "invalid_client", 401);
});

Deno.test("a key that is none makes an assertion invalid, not the server fail (RFC 7523)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { privateKey } = await generateKeyPair("ES256");
  const exp = clock.now() / 1000 + 60;
  const keys = [
    { kty: "EC", crv: "P-256" },
    { kty: "EC", crv: "P-256", x: "AA", y: "AA" },
    { kty: "RSA", n: "AA", e: "AQAB", alg: "ES256" },
    { kty: "EC", crv: "P-256", x: 5, y: {} },
    { kty: "EC", crv: "P-256", x: "AA", y: "AA", key_ops: 5 },
  ];
  for (const key of keys) {
    const { client_id } = await register(issuer, {
      token_endpoint_auth_method: "private_key_jwt",
      jwks: { keys: [key] },
    });
    const claims = { iss: client_id, sub: client_id, aud: ISSUER, exp, jti: "1" };
    const client_assertion = await new SignJWT(claims).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
    const fields = { client_assertion_type: ASSERTION_TYPE, client_assertion };
    await assertError(await redeem(issuer, client_id, "code", fields), "invalid_client", 401);
  }
});

Deno.test("private_key_jwt takes a fresh assertion by the client's key for this issuer, once (RFC 7523, AST-09)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const stranger = await generateKeyPair("ES256");
  const { client_id } = await register(issuer, {
    token_endpoint_auth_method: "private_key_jwt",
    jwks: { keys: [await exportJWK(publicKey)] },
  });
  const now = clock.now() / 1000;
  const assertion = (claims: Record<string, unknown> = {}, key = privateKey) =>
    new SignJWT({
      iss: client_id,
      sub: client_id,
      aud: ISSUER,
      exp: now + 60,
      jti: crypto.randomUUID(),
      ...claims,
    }).setProtectedHeader({ alg: "ES256" }).sign(key);
  const code = await codeFor(issuer, client_id);
  const send = (client_assertion: string, fields: Fields = {}) =>
    redeem(issuer, client_id, code, { client_assertion_type: ASSERTION_TYPE, client_assertion, ...fields });

  const refused = [
    assertion({}, stranger.privateKey),
    assertion({ iss: "other" }),
    assertion({ sub: "other" }),
    assertion({ aud: "https://other.example" }),
    assertion({ exp: now - 60 }),
    assertion({ exp: now + 3600 }),
    assertion({ exp: undefined }),
    assertion({ jti: undefined }),
    "not.a.jwt",
  ];
  for (const bad of refused) await assertError(await send(await bad), "invalid_client", 401);
  const good = await assertion();
  await assertError(await send(good, { client_assertion_type: undefined }), "invalid_request");
  await assertError(await redeem(issuer, client_id, code), "invalid_client", 401);
  await tokensOf(await send(good));

  const second = await codeFor(issuer, client_id);
  await assertError(await send(good, { code: second }), "invalid_client", 401);
  const toEndpoint = await assertion({ aud: `${ISSUER}/token` });
  await tokensOf(await send(toEndpoint, { code: second, client_id: undefined }));
});
