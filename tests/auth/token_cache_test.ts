import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cacheVerified } from "../../src/auth/token_cache.ts";
import type { Principal } from "../../src/auth/principal.ts";
import { NOW } from "../support.ts";

/** @param ready What a verification waits for. */
function start(lifetimeSeconds = 3600, ready: Promise<void> = Promise.resolve()) {
  const clock = { now: NOW };
  const verified: string[] = [];
  const verify = cacheVerified(async (token) => {
    verified.push(token);
    await ready;
    if (token.startsWith("bad")) throw new Error("bad");
    const principal: Principal = {
      issuer: "https://issuer.test",
      subject: token,
      scopes: new Set(),
      clientId: undefined,
      expiresAt: NOW / 1000 + lifetimeSeconds,
      claims: {},
    };
    return principal;
  }, () => clock.now);
  return { clock, verified, verify };
}

Deno.test("a token is verified once, and each token gets its own caller", async () => {
  const { verify, verified } = start();
  for (const token of ["a", "b", "a", "b", "a"]) assert.equal((await verify(token)).subject, token);
  assert.deepEqual(verified, ["a", "b"]);
});

Deno.test("tokens that differ in one of their parts only are told apart: header, claims or signature (AUTH-01)", async () => {
  const { verify } = start();
  for (const token of ["h.c.s", "H.c.s", "h.C.s", "h.c.S"]) {
    assert.equal((await verify(token)).subject, token);
  }
});

Deno.test("long tokens are remembered as well, and told apart, and their hash opens nothing (AUTH-01)", async () => {
  const { verify, verified } = start();
  const [long, other] = ["s", "t"].map((end) => "x".repeat(10_000) + end) as [string, string];
  const digest = createHash("sha256").update(long).digest("hex");
  for (const token of [long, other, long, other, digest]) assert.equal((await verify(token)).subject, token);
  assert.deepEqual(verified, [long, other, digest]);
});

Deno.test("a bad token is verified every time, so that nothing bad is kept", async () => {
  const { verify, verified } = start();
  for (const _ of [1, 2, 3]) await assert.rejects(async () => await verify("bad"));
  assert.equal(verified.length, 3);
});

Deno.test("a token that comes 32 times at once is verified once, good or bad (A5)", async () => {
  for (const token of ["a", "bad"]) {
    const { promise: allCame, resolve } = Promise.withResolvers<void>();
    const { verify, verified } = start(3600, allCame);
    let came = 0;
    const budget = { spendToken: () => void (++came === 32 && resolve()), spendQuestion() {} };
    const outcomes = await Promise.allSettled(Array.from({ length: 32 }, () => verify(token, budget)));
    assert.equal(new Set(outcomes.map(({ status }) => status)).size, 1);
    assert.equal(verified.length, 1);
    await Promise.allSettled([verify(token)]);
    assert.equal(verified.length, token === "bad" ? 2 : 1, "a failure is not kept");
  }
});

Deno.test("a token is not verified when its caller's budget is spent, and a known good one costs nothing (A5)", async () => {
  const { verify, verified } = start();
  const spent = {
    spendToken() {
      throw new Error("spent");
    },
    spendQuestion() {},
  };
  await assert.rejects(async () => await verify("a", spent), /spent/);
  assert.deepEqual(verified, []);
  await verify("a");
  assert.equal((await verify("a", spent)).subject, "a");
});

Deno.test("a token is verified again after a minute, and at its exp if that comes first (AUTH-06)", async () => {
  for (const [lifetime, until] of [[3600, 60_000], [30, 30_000]] as const) {
    const { verify, verified, clock } = start(lifetime);
    await verify("a");
    clock.now += until - 1;
    await verify("a");
    assert.equal(verified.length, 1);
    clock.now += 1;
    await verify("a");
    assert.equal(verified.length, 2);
  }
});

Deno.test("ten thousand tokens are remembered at most; the oldest goes first", async () => {
  const { verify, verified } = start();
  for (let i = 0; i <= 10_000; i++) await verify(`token-${i}`);
  verified.length = 0;
  await verify("token-10000");
  await verify("token-1");
  assert.deepEqual(verified, []);
  await verify("token-0");
  assert.deepEqual(verified, ["token-0"]);
});
