import assert from "node:assert/strict";
import { assertError } from "./assert_error.ts";
import { codeFor, type Fields, redeem, refresh, tokensOf } from "./flow.ts";
import { createClock, devIssuer, register } from "./dev_issuer.ts";

Deno.test("refresh tokens rotate, and reuse of an old one ends the family (AST-10)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { client_id } = await register(issuer);
  const first = await tokensOf(await redeem(issuer, client_id, await codeFor(issuer, client_id)));
  const second = await tokensOf(await refresh(issuer, client_id, first.refresh_token));
  assert.notEqual(second.refresh_token, first.refresh_token);
  const third = await tokensOf(await refresh(issuer, client_id, second.refresh_token));
  clock.pass(31);
  await assertError(await refresh(issuer, client_id, second.refresh_token), "invalid_grant");
  await assertError(await refresh(issuer, client_id, third.refresh_token), "invalid_grant");
});

Deno.test("a client whose answer got lost may retry for 30 seconds (AST-10)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { client_id } = await register(issuer);
  const { refresh_token } = await tokensOf(await redeem(issuer, client_id, await codeFor(issuer, client_id)));
  const lost = await tokensOf(await refresh(issuer, client_id, refresh_token));
  clock.pass(30);
  const retried = await tokensOf(await refresh(issuer, client_id, refresh_token));
  await tokensOf(await refresh(issuer, client_id, lost.refresh_token));
  await tokensOf(await refresh(issuer, client_id, retried.refresh_token));
  clock.pass(1);
  await assertError(await refresh(issuer, client_id, refresh_token), "invalid_grant");
});

Deno.test("ten refreshes at once leave the client connected (AST-10)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const { refresh_token } = await tokensOf(await redeem(issuer, client_id, await codeFor(issuer, client_id)));
  const all = await Promise.all(Array.from({ length: 10 }, () => refresh(issuer, client_id, refresh_token)));
  const tokens = await Promise.all(all.map(tokensOf));
  await tokensOf(await refresh(issuer, client_id, tokens.at(-1)?.refresh_token ?? ""));
});

Deno.test("a refresh never widens scope or resource, may narrow, and is for the same client (AST-10)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const other = await register(issuer, { client_name: "Other" });
  const code = await codeFor(issuer, client_id, { asked: { scope: "notes:read email" } });
  const { refresh_token } = await tokensOf(await redeem(issuer, client_id, code));
  const wrong: [Fields, string][] = [
    [{ scope: "notes:read profile:read" }, "invalid_scope"],
    [{ resource: "https://other.example/mcp" }, "invalid_target"],
    [{ client_id: other.client_id }, "invalid_grant"],
    [{ refresh_token: "unknown" }, "invalid_grant"],
  ];
  for (const [fields, error] of wrong) {
    await assertError(await refresh(issuer, client_id, refresh_token, fields), error);
  }
  const narrowed = await tokensOf(await refresh(issuer, client_id, refresh_token, { scope: "notes:read" }));
  assert.equal(narrowed.scope, "notes:read");
  const full = await tokensOf(await refresh(issuer, client_id, narrowed.refresh_token));
  assert.equal(full.scope, "notes:read email");
});

Deno.test("a scope that is asked for many times is granted once (A1)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const { refresh_token } = await tokensOf(await redeem(issuer, client_id, await codeFor(issuer, client_id)));
  const scope = Array(1_000).fill("notes:read").join(" ");
  const { access_token, ...tokens } = await tokensOf(
    await refresh(issuer, client_id, refresh_token, { scope }),
  );
  assert.equal(tokens.scope, "notes:read");
  assert.ok(access_token.length < 1_000);
});

Deno.test("an unused connection ends after 30 days, a used one goes on (AST-10)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { client_id } = await register(issuer);
  let { refresh_token } = await tokensOf(await redeem(issuer, client_id, await codeFor(issuer, client_id)));
  for (let day = 0; day < 60; day += 20) {
    clock.pass(20 * 86_400);
    ({ refresh_token } = await tokensOf(await refresh(issuer, client_id, refresh_token)));
  }
  clock.pass(30 * 86_400);
  await assertError(await refresh(issuer, client_id, refresh_token), "invalid_grant");
});

Deno.test("a client that registered for codes only gets no refresh token", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer, { grant_types: ["authorization_code"] });
  const tokens = await tokensOf(await redeem(issuer, client_id, await codeFor(issuer, client_id)));
  assert.equal(tokens.refresh_token, undefined);
});
