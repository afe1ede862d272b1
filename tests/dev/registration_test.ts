import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { DevIssuer } from "../../src/dev/issuer.ts";
import {
  assertError,
  authorize,
  codeFor,
  createClock,
  ISSUER,
  readPage,
  redeem,
  REDIRECT_URI,
  refresh,
  register,
  RESOURCE,
  testIssuer,
  tokensOf,
} from "./flow.ts";

function send({ app }: DevIssuer, body: BodyInit, contentType = "application/json"): Promise<Response> {
  return Promise.resolve(
    app.request("/auth/register", { method: "POST", headers: { "content-type": contentType }, body }),
  );
}

Deno.test("a registration is answered with 201, the client_id and what was registered (REG-03, REG-04)", async () => {
  const issuer = await testIssuer();
  const response = await send(
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
  const issuer = await testIssuer();
  const registered = await register(issuer, { token_endpoint_auth_method: undefined });
  assert.equal(registered.token_endpoint_auth_method, "client_secret_basic");
  assert.match(String(registered.client_secret), /^[\w-]{43}$/);
  assert.equal(registered.client_secret_expires_at, 0);
});

Deno.test("bad metadata is refused with the code for it (REG-03)", async () => {
  const issuer = await testIssuer();
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
  for (const [metadata, error] of bad) await assertError(await send(issuer, JSON.stringify(metadata)), error);
  await assertError(await send(issuer, "{"), "invalid_client_metadata");
  await assertError(await send(issuer, JSON.stringify(good), "text/plain"), "invalid_client_metadata");
  await assertError(
    await send(issuer, JSON.stringify({ ...good, x: "x".repeat(20_000) })),
    "invalid_client_metadata",
  );
});

Deno.test("redirect URIs are https, loopback, or an app's own scheme, and nothing a browser would run (ASA-02)", async () => {
  const issuer = await testIssuer();
  for (
    const uri of [
      "https://app.example/callback",
      "http://localhost:6274/callback",
      "http://127.0.0.1/callback",
      "http://[::1]:1234/callback",
      "cursor://anysphere.cursor-mcp/oauth/callback",
      "com.example.app:/callback",
    ]
  ) {
    await register(issuer, { redirect_uris: [uri] });
  }
  for (
    const uri of [
      "http://app.example/callback",
      "http://192.168.1.10/callback",
      "http://localhost.evil.example/callback",
      "https://app.example/callback#fragment",
      "https://app.example/#",
      "https://user:secret@app.example/callback",
      "https://*.example/callback",
      "https://app.example;script-src/callback",
      "https://app.example/call back",
      "https://app.example/\tcallback",
      "https:\\\\app.example\\callback",
      "javascript:alert(1)",
      "JavaScript:alert(1)",
      " javascript:alert(1)",
      "java\nscript:alert(1)",
      "data:text/html,hi",
      "vbscript:x",
      "file:///etc/passwd",
      "blob:https://app.example/1",
      "about:blank",
      "ws://localhost/",
      "/callback",
      "callback",
      "",
      `https://app.example/${"x".repeat(2048)}`,
    ]
  ) {
    const metadata = { redirect_uris: [uri], token_endpoint_auth_method: "none" };
    await assertError(await send(issuer, JSON.stringify(metadata)), "invalid_redirect_uri");
  }
});

Deno.test("the same public metadata is the same client; a client with a secret is always a new one (REG-05)", async () => {
  const issuer = await testIssuer();
  const first = await register(issuer);
  assert.equal((await register(issuer)).client_id, first.client_id);
  assert.notEqual((await register(issuer, { client_name: "Other" })).client_id, first.client_id);
  const confidential = { token_endpoint_auth_method: "client_secret_post" };
  const [one, two] = [await register(issuer, confidential), await register(issuer, confidential)];
  assert.notEqual(one.client_id, two.client_id);
  assert.notEqual(one.client_secret, two.client_secret);
});

Deno.test("registrations are limited to 60 a minute (REG-05)", async () => {
  const clock = createClock();
  const issuer = await testIssuer({ now: clock.now });
  for (let count = 0; count < 60; count++) await register(issuer, { client_name: `App ${count}` });
  const refused = await send(issuer, "{}");
  assert.equal(refused.headers.get("retry-after"), "60");
  await assertError(refused, "temporarily_unavailable", 429);
  clock.pass(60);
  await register(issuer);
});

Deno.test("an unused registration is gone after a day, a used one stays 90 days from its last use (REG-05, AST-11)", async () => {
  const clock = createClock();
  const issuer = await testIssuer({ now: clock.now });
  const unused = await register(issuer, { client_name: "Unused" });
  const { client_id } = await register(issuer);
  const { refresh_token } = await tokensOf(await redeem(issuer, client_id, await codeFor(issuer, client_id)));
  clock.pass(86_400);
  assert.equal((await authorize(issuer, unused.client_id)).status, 400);
  await tokensOf(await refresh(issuer, client_id, refresh_token));
  clock.pass(89 * 86_400);
  await readPage(await authorize(issuer, client_id));
  clock.pass(86_400);
  assert.equal((await authorize(issuer, client_id)).status, 400);
});

Deno.test("there are at most 20,000 registrations: the one that would expire first makes room (REG-05)", async () => {
  using database = new DatabaseSync(":memory:");
  const { now } = createClock();
  await testIssuer({ database, now });
  const metadata = JSON.stringify({ redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: "none" });
  database.prepare(
    `WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 20000)
     INSERT INTO dev_clients (id, metadata, expires_at) SELECT 'client-' || n, ?, ? + n FROM counter`,
  ).run(metadata, now());
  const issuer = await testIssuer({ database, now });
  await readPage(await authorize(issuer, "client-1"));
  const { client_id } = await register(issuer);
  assert.equal((await authorize(issuer, "client-1")).status, 400);
  await readPage(await authorize(issuer, "client-2"));
  await readPage(await authorize(issuer, client_id));
  assert.equal(database.prepare("SELECT count(*) AS size FROM dev_clients").get()?.size, 20_000);
});

Deno.test("clients, keys and connections outlive a restart (AST-11)", async () => {
  using database = new DatabaseSync(":memory:");
  const before = await testIssuer({ database });
  const { client_id } = await register(before);
  const page = await codeFor(before, client_id);
  const tokens = await tokensOf(await redeem(before, client_id, page));
  const keysBefore = await (await before.fetch(`${ISSUER}/jwks.json`)).text();

  const after = await testIssuer({ database });
  assert.equal(await (await after.fetch(`${ISSUER}/jwks.json`)).text(), keysBefore);
  await tokensOf(await refresh(after, client_id, tokens.refresh_token));
  assert.equal((await register(after)).client_id, client_id);
});

Deno.test("the database holds no code, token or secret in the clear", async () => {
  using database = new DatabaseSync(":memory:");
  const issuer = await testIssuer({ database });
  const { client_id, client_secret } = await register(issuer, {
    token_endpoint_auth_method: "client_secret_post",
  });
  const code = await codeFor(issuer, client_id);
  const fields = { client_secret: String(client_secret) };
  const tokens = await tokensOf(await redeem(issuer, client_id, code, fields));
  const tables = ["dev_clients", "dev_requests", "dev_grants", "dev_codes", "dev_refresh_tokens"];
  const dump = JSON.stringify(tables.map((table) => database.prepare(`SELECT * FROM ${table}`).all()));
  assert.ok(dump.includes(client_id));
  for (const secret of [code, String(client_secret), tokens.refresh_token, tokens.access_token]) {
    assert.ok(!dump.includes(secret));
  }
});

Deno.test("after the resource moved, an old connection gives no token for the new one (AST-10)", async () => {
  using database = new DatabaseSync(":memory:");
  const before = await testIssuer({ database });
  const { client_id } = await register(before);
  const tokens = await tokensOf(await redeem(before, client_id, await codeFor(before, client_id)));
  const after = await testIssuer({ database, resource: `${RESOURCE}/v2` });
  await assertError(await refresh(after, client_id, tokens.refresh_token), "invalid_grant");
});
