import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { assertError } from "./assert_error.ts";
import { codeFor, redeem, refresh, tokensOf } from "./flow.ts";
import { devIssuer, ISSUER, register, RESOURCE, sendRegistration } from "./dev_issuer.ts";

Deno.test("clients, keys and connections outlive a restart (AST-11)", async () => {
  using database = new DatabaseSync(":memory:");
  const before = await devIssuer({ database });
  const { client_id } = await register(before);
  const page = await codeFor(before, client_id);
  const tokens = await tokensOf(await redeem(before, client_id, page));
  const keysBefore = await (await before.fetch(`${ISSUER}/jwks.json`)).text();

  const after = await devIssuer({ database });
  assert.equal(await (await after.fetch(`${ISSUER}/jwks.json`)).text(), keysBefore);
  await tokensOf(await refresh(after, client_id, tokens.refresh_token));
  assert.equal((await register(after)).client_id, client_id);
});

Deno.test("the database holds no code, token or secret in the clear", async () => {
  using database = new DatabaseSync(":memory:");
  const issuer = await devIssuer({ database });
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
  const before = await devIssuer({ database });
  const { client_id } = await register(before);
  const tokens = await tokensOf(await redeem(before, client_id, await codeFor(before, client_id)));
  const after = await devIssuer({ database, resource: `${RESOURCE}/v2` });
  await assertError(await refresh(after, client_id, tokens.refresh_token), "invalid_grant");
});

const permissions = await Promise.all(
  (["read", "write"] as const).map((name) => Deno.permissions.query({ name })),
);

Deno.test({
  name: "while another program holds a lock on the file, clients are told to try again in a moment (A7)",
  ignore: permissions.some(({ state }) => state !== "granted"),
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    using database = new DatabaseSync(`${folder}/app.db`);
    const issuer = await devIssuer({ database });
    using other = new DatabaseSync(`${folder}/app.db`);
    other.exec("BEGIN IMMEDIATE");
    const body = JSON.stringify({ redirect_uris: ["http://127.0.0.1:1/cb"] });
    const response = await sendRegistration(issuer, body);
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "1");
    assert.equal((await response.json()).error, "temporarily_unavailable");
    other.exec("ROLLBACK");
    assert.equal((await sendRegistration(issuer, body)).status, 201);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
