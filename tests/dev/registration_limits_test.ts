import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { assertError } from "./assert_error.ts";
import { authorize, codeFor, readPage, redeem, refresh, tokensOf } from "./flow.ts";
import { createClock, devIssuer, REDIRECT_URI, register, sendRegistration } from "./dev_issuer.ts";

Deno.test("registrations are limited to 60 a minute (REG-05)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  for (let count = 0; count < 60; count++) await register(issuer, { client_name: `App ${count}` });
  const refused = await sendRegistration(issuer, "{}");
  assert.equal(refused.headers.get("retry-after"), "60");
  await assertError(refused, "temporarily_unavailable", 429);
  clock.pass(60);
  await register(issuer);
});

Deno.test("an unused registration is gone after a day, a used one stays 90 days from its last use (REG-05, AST-11)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
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
  await devIssuer({ database, now });
  const metadata = JSON.stringify({ redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: "none" });
  database.prepare(
    `WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 20000)
     INSERT INTO dev_clients (id, metadata, expires_at) SELECT 'client-' || n, ?, ? + n FROM counter`,
  ).run(metadata, now());
  const issuer = await devIssuer({ database, now });
  await readPage(await authorize(issuer, "client-1"));
  const { client_id } = await register(issuer);
  assert.equal((await authorize(issuer, "client-1")).status, 400);
  await readPage(await authorize(issuer, "client-2"));
  await readPage(await authorize(issuer, client_id));
  assert.equal(database.prepare("SELECT count(*) AS size FROM dev_clients").get()?.size, 20_000);
});
