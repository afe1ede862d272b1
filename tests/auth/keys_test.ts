import assert from "node:assert/strict";
import { exportJWK, generateKeyPair } from "@panva/jose";
import { createIssuerKeys } from "../../src/auth/issuer_keys.ts";
import { createKeys, createVerify } from "../../src/auth/verify.ts";
import { ask, createTestServer, ISSUER, NOW, RESOURCE, TestIssuer, toolCall } from "../support.ts";

const MINUTE = 60_000;
const HOUR_OF_LIFE = { exp: NOW / 1000 + 3600 };

async function start() {
  const test = await createTestServer();
  const status = async (token: string) =>
    (await ask(test.server, toolCall("legacy", "list_notes", {}, { token }))).status;
  const fetches = () => test.issuer.requests.filter((path) => path === "/jwks").length;
  return { ...test, status, fetches };
}

Deno.test("a thousand invented key ids cause at most three fetches of the keys", async () => {
  const { issuer, status, fetches } = await start();
  const stranger = await TestIssuer.create();
  for (let round = 0; round < 10; round++) {
    const tokens = Array.from({ length: 100 }, () => stranger.token({}, { kid: crypto.randomUUID() }));
    const statuses = await Promise.all(tokens.map(async (token) => await status(await token)));
    assert.ok(statuses.every((code) => code === 401));
  }
  assert.ok(fetches() <= 3, `${fetches()} fetches`);
  assert.equal(await status(await issuer.token()), 200);
});

Deno.test("callers who come first together share one fetch of metadata and keys", async () => {
  const { issuer, status } = await start();
  const tokens = await Promise.all(["a", "b", "c", "d", "e"].map((sub) => issuer.token({ sub })));
  assert.deepEqual(await Promise.all(tokens.map(status)), [200, 200, 200, 200, 200]);
  assert.deepEqual(issuer.requests, ["/.well-known/oauth-authorization-server", "/jwks"]);
});

Deno.test("keys are fetched when the first token comes, not before and not for anonymous calls", async () => {
  const { server, issuer } = await start();
  await ask(server, toolCall("modern", "search_notes"));
  assert.deepEqual(issuer.requests, []);
});

Deno.test("a key that the issuer adds is found at once, the next one when the cool-down is over", async () => {
  const { issuer, status, clock } = await start();
  assert.equal(await status(await issuer.token()), 200);
  await issuer.rotate("key-2");
  assert.equal(await status(await issuer.token()), 200, "no unknown key has been asked for yet");
  await issuer.rotate("key-3");
  assert.equal(await status(await issuer.token()), 401, "within the cool-down");
  clock.now += MINUTE;
  assert.equal(await status(await issuer.token()), 200);
});

Deno.test("callers who come with a new key together wait for the same fetch", async () => {
  const { issuer, status } = await start();
  assert.equal(await status(await issuer.token()), 200);
  await issuer.rotate("key-2");
  const tokens = await Promise.all(["a", "b", "c"].map((sub) => issuer.token({ sub })));
  assert.deepEqual(await Promise.all(tokens.map(status)), [200, 200, 200]);
});

Deno.test("a token without a key id is checked by each key it may be signed with (AUTH-01)", async () => {
  const [issuer, other, stranger] = await Promise.all([1, 2, 3].map(() => TestIssuer.create()));
  const keys = await Promise.all([issuer!, other!].map(({ publicKey }) => exportJWK(publicKey)));
  const fetch = (url: string) =>
    url.endsWith("/jwks") ? Promise.resolve(Response.json({ keys })) : issuer!.fetch(url);
  const now = () => NOW;
  const sources = createKeys([ISSUER], { fetch: fetch as typeof globalThis.fetch, now });
  const verify = createVerify({ keys: sources, audiences: [RESOURCE], now });
  for (const signer of [issuer!, other!]) {
    assert.equal((await verify(await signer.token({}, { kid: undefined }))).subject, "ada");
    await assert.rejects(
      async () => await verify(await signer.token({ exp: 1 }, { kid: undefined })),
      /expired/,
    );
  }
  await assert.rejects(async () => await verify(await stranger!.token({}, { kid: undefined })), /signature/);
});

Deno.test("a key that the issuer withdraws stops working, although its tokens are remembered (AUTH-05)", async () => {
  const { issuer, status, clock } = await start();
  const token = await issuer.token(HOUR_OF_LIFE);
  assert.equal(await status(token), 200);
  await issuer.rotate("key-2");
  clock.now += 16 * MINUTE;
  assert.equal(await status(token), 401);
});

Deno.test("a remembered token works no longer than its exp says (AUTH-06)", async () => {
  const { issuer, status, clock } = await start();
  const token = await issuer.token({ exp: NOW / 1000 + 60 });
  assert.equal(await status(token), 200);
  clock.now += 59_000;
  assert.equal(await status(token), 200);
  clock.now += 31_000;
  assert.equal(await status(token), 401);
});

Deno.test("known keys keep working while the issuer is down, for new tokens too, however long (AUTH-27)", async () => {
  const { issuer, status, clock } = await start();
  assert.equal(await status(await issuer.token(HOUR_OF_LIFE)), 200);
  issuer.down = true;
  clock.now += 45 * MINUTE;
  assert.equal(await status(await issuer.token({ ...HOUR_OF_LIFE, sub: "grace" })), 200);
});

Deno.test("an unknown key id is 503 while the issuer is down, since its key may be new (AUTH-27)", async () => {
  const { issuer, status, clock } = await start();
  assert.equal(await status(await issuer.token()), 200);
  issuer.down = true;
  await issuer.rotate("key-2");
  clock.now += MINUTE;
  assert.equal(await status(await issuer.token()), 503);
  issuer.down = false;
  clock.now += MINUTE;
  assert.equal(await status(await issuer.token()), 200);
});

Deno.test("while the issuer is down anonymous calls go on, and all heals when it is back (AUTH-27)", async () => {
  const { server, issuer, status, clock } = await start();
  issuer.down = true;
  const token = await issuer.token();
  for (const era of ["legacy", "modern"] as const) {
    assert.equal((await ask(server, toolCall(era, "search_notes"))).status, 200);
    const answer = await ask(server, toolCall(era, "search_notes", {}, { token }));
    assert.equal(answer.status, 503);
    assert.match(answer.text, /authorization server does not answer/);
    assert.ok(!answer.text.includes(ISSUER), "which server it is concerns the operator, not the caller");
  }
  const attempts = issuer.requests.length;
  for (let i = 0; i < 20; i++) await status(token);
  assert.equal(issuer.requests.length, attempts, "the issuer is left alone for a moment");
  issuer.down = false;
  clock.now += 1_000;
  assert.equal(await status(token), 200);
});

Deno.test("the cool-down does not depend on how the key ids are spread over time", async () => {
  const { issuer, status, fetches, clock } = await start();
  const stranger = await TestIssuer.create();
  for (let second = 0; second < 120; second++) {
    assert.equal(await status(await stranger.token({}, { kid: `invented-${second}` })), 401);
    clock.now += 1_000;
  }
  assert.ok(fetches() <= 5, `${fetches()} fetches in two minutes`);
  assert.equal(await status(await issuer.token()), 200);
});

Deno.test("keys that are 11 minutes old work at once while the issuer hangs, and it is asked once (A6)", async () => {
  const clock = { now: NOW };
  const issuer = await TestIssuer.create();
  const released = Promise.withResolvers<void>();
  let hangs = false;
  const asked: string[] = [];
  const fetch = async (url: string) => {
    asked.push(url);
    if (hangs) await released.promise;
    return await issuer.fetch(url);
  };
  const now = () => clock.now;
  const keys = createKeys([ISSUER], { fetch: fetch as typeof globalThis.fetch, now });
  const verify = createVerify({ keys, audiences: [RESOURCE], now });
  const call = async (sub: string) => (await verify(await issuer.token({ ...HOUR_OF_LIFE, sub }))).subject;
  await call("ada");
  hangs = true;
  asked.length = 0;
  clock.now += 11 * MINUTE;
  for (const sub of ["a", "b", "c"]) assert.equal(await call(sub), sub);
  assert.equal(asked.length, 1);
  assert.equal(keys.get(ISSUER)!.failure(), undefined, "nobody waited until the refresh was given up");
  released.resolve();
  await keys.get(ISSUER)!.ready();
});

Deno.test("a refresh in the background that comes through replaces the keys (A6)", async () => {
  const { issuer, status, clock } = await start();
  const old = await issuer.token(HOUR_OF_LIFE);
  assert.equal(await status(old), 200);
  await issuer.rotate("key-2");
  clock.now += 11 * MINUTE;
  await status(old);
  const rotated = await issuer.token({ ...HOUR_OF_LIFE, sub: "grace" });
  assert.equal(await status(rotated), 200);
  clock.now += MINUTE;
  assert.equal(await status(old), 401, "the old key is gone without anyone having asked for a new one");
});

Deno.test("a refresh in the background that fails harms nobody, and is tried again (A6)", async () => {
  const { issuer, status, clock } = await start();
  assert.equal(await status(await issuer.token(HOUR_OF_LIFE)), 200);
  issuer.down = true;
  for (const minutes of [11, 1, 1, 30, 200]) {
    clock.now += minutes * MINUTE;
    const before = issuer.requests.length;
    const token = await issuer.token({ exp: clock.now / 1000 + 60, sub: `after ${minutes}` });
    assert.equal(await status(token), 200);
    assert.ok(issuer.requests.length > before, "the issuer was asked");
  }
});

Deno.test("keys that rested for a quarter of an hour are refreshed before they are used (A6)", async () => {
  const { issuer, status, clock } = await start();
  const token = await issuer.token(HOUR_OF_LIFE);
  assert.equal(await status(token), 200);
  await issuer.rotate("key-2");
  clock.now += 15 * MINUTE;
  assert.equal(await status(token), 401);
});

Deno.test("metadata and keys have one deadline together, even when the network ignores it (A6)", async () => {
  const issuer = await TestIssuer.create();
  const released = Promise.withResolvers<Response>();
  const signals: (AbortSignal | null | undefined)[] = [];
  const fetch = (url: string, init?: RequestInit) => {
    signals.push(init?.signal);
    return url.endsWith("/jwks") ? released.promise : issuer.fetch(url);
  };
  const keys = createIssuerKeys({
    issuer: ISSUER,
    fetch: fetch as typeof globalThis.fetch,
    now: () => NOW,
    timeLimitMs: 1,
  });
  await assert.rejects(keys.ready(), { code: "timeout" });
  assert.equal(keys.failure()?.code, "timeout");
  assert.deepEqual(signals.map((signal) => signal?.aborted), [true, true]);
  released.resolve(Response.json({ keys: [] }));
});

for (const order of ["first", "last"] as const) {
  Deno.test(`a key that is not fit for its algorithm and comes ${order} keeps no good token out (A11)`, async () => {
    const issuer = await TestIssuer.create(ISSUER, "RS256");
    const weak = await crypto.subtle.generateKey(
      {
        name: "RSASSA-PKCS1-v1_5",
        modulusLength: 1024,
        publicExponent: new Uint8Array([1, 0, 1]),
        hash: "SHA-256",
      },
      true,
      ["sign", "verify"],
    );
    const stranger = await generateKeyPair("RS256");
    const good = { ...await exportJWK(issuer.publicKey), use: "sig" };
    const published = [{ ...await exportJWK(weak.publicKey), use: "sig" }, good];
    if (order === "last") published.reverse();
    const fetch = (url: string) =>
      url.endsWith("/jwks") ? Promise.resolve(Response.json({ keys: published })) : issuer.fetch(url);
    const now = () => NOW;
    const keys = createKeys([ISSUER], { fetch: fetch as typeof globalThis.fetch, now });
    const verify = createVerify({ keys, audiences: [RESOURCE], now });
    const noKid = { kid: undefined };
    assert.equal((await verify(await issuer.token({}, noKid))).subject, "ada");
    await assert.rejects(async () => await verify(await issuer.token({ exp: 1 }, noKid)), {
      fault: "expired",
    });
    const forged = await issuer.token({}, noKid, stranger.privateKey);
    await assert.rejects(async () => await verify(forged), { fault: "signature" });
    published.splice(published.indexOf(good), 1);
    const weakOnly = createVerify({
      keys: createKeys([ISSUER], { fetch: fetch as typeof globalThis.fetch, now }),
      audiences: [RESOURCE],
      now,
    });
    await assert.rejects(
      async () => await weakOnly(forged),
      { code: "unusable_key" },
      "with no other key it is the issuer's fault",
    );
  });
}
