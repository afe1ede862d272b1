import assert from "node:assert/strict";
import { assertError } from "./assert_error.ts";
import { devIssuer, REDIRECT_URI, register, sendRegistration } from "./dev_issuer.ts";

Deno.test("a registration is answered with 201, the client_id and what was registered (REG-02, REG-03, REG-04)", async () => {
  const issuer = await devIssuer();
  const response = await sendRegistration(
    issuer,
    JSON.stringify({
      client_name: "App",
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: "none",
      application_type: "native",
      software_statement: "unknown members are left out",
    }),
  );
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("cache-control"), "no-store");
  const { client_id, ...registered } = await response.json();
  assert.ok(client_id);
  assert.deepEqual(registered, {
    client_name: "App",
    redirect_uris: [REDIRECT_URI],
    token_endpoint_auth_method: "none",
    application_type: "native",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
  });
});

Deno.test("without a method the client is confidential and gets a secret that does not expire (REG-03, REG-04)", async () => {
  const issuer = await devIssuer();
  const registered = await register(issuer, { token_endpoint_auth_method: undefined });
  assert.equal(registered.token_endpoint_auth_method, "client_secret_basic");
  assert.match(String(registered.client_secret), /^[\w-]{43}$/);
  assert.equal(registered.client_secret_expires_at, 0);
});

Deno.test("bad metadata is refused with the code for it (REG-03)", async () => {
  const issuer = await devIssuer();
  const good = { redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: "none" };
  const bad: [unknown, string][] = [
    [[], "invalid_client_metadata"],
    [null, "invalid_client_metadata"],
    [{}, "invalid_redirect_uri"],
    [{ ...good, redirect_uris: [] }, "invalid_redirect_uri"],
    [{ ...good, redirect_uris: REDIRECT_URI }, "invalid_redirect_uri"],
    [{ ...good, redirect_uris: Array(21).fill(REDIRECT_URI) }, "invalid_redirect_uri"],
    [{ ...good, client_name: 7 }, "invalid_client_metadata"],
    [{ ...good, client_name: "x".repeat(201) }, "invalid_client_metadata"],
    [{ ...good, token_endpoint_auth_method: "tls_client_auth" }, "invalid_client_metadata"],
    [{ ...good, token_endpoint_auth_method: "private_key_jwt" }, "invalid_client_metadata"],
    [{ ...good, grant_types: ["client_credentials"] }, "invalid_client_metadata"],
    [{ ...good, response_types: ["token"] }, "invalid_client_metadata"],
    [{ ...good, jwks: { keys: [{ kty: "EC", d: "private" }] } }, "invalid_client_metadata"],
  ];
  for (const [metadata, error] of bad) {
    await assertError(await sendRegistration(issuer, JSON.stringify(metadata)), error);
  }
  await assertError(await sendRegistration(issuer, "{"), "invalid_client_metadata");
  await assertError(
    await sendRegistration(issuer, JSON.stringify(good), "text/plain"),
    "invalid_client_metadata",
  );
  await assertError(
    await sendRegistration(issuer, JSON.stringify({ ...good, x: "x".repeat(20_000) })),
    "invalid_client_metadata",
  );
});

Deno.test("the same public metadata is the same client; a client with a secret is always a new one (REG-05)", async () => {
  const issuer = await devIssuer();
  const first = await register(issuer);
  assert.equal((await register(issuer)).client_id, first.client_id);
  assert.notEqual((await register(issuer, { client_name: "Other" })).client_id, first.client_id);
  const confidential = { token_endpoint_auth_method: "client_secret_post" };
  const [one, two] = [await register(issuer, confidential), await register(issuer, confidential)];
  assert.notEqual(one.client_id, two.client_id);
  assert.notEqual(one.client_secret, two.client_secret);
});
