import assert from "node:assert/strict";
import { exportJWK } from "@panva/jose";
import { createIssuerKeys } from "../../src/auth/issuer_keys.ts";
import { createTokenExchange } from "../../src/auth/token_exchange.ts";
import { ask, createTestServer, ISSUER, NOW, RESOURCE, TestIssuer, toolCall } from "../support.ts";

const MINUTE = 60_000;
const METADATA = "/.well-known/oauth-authorization-server";
const KEYS = "/jwks";
const INTROSPECTION = "/introspect";

const stream = (pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void) =>
  new Response(new ReadableStream({ pull }));

/** What an issuer does that is in trouble, all of which is told at once. */
const FAULTS: Readonly<Record<string, () => Response>> = {
  "is absent": () => {
    throw new TypeError("connection refused");
  },
  "answers 503": () => new Response("maintenance", { status: 503 }),
  "answers garbage": () => new Response(Uint8Array.of(0xff, 0x00, 0x7b)),
  "answers JSON of another kind": () => Response.json(["keys"]),
  "breaks off": () => stream((controller) => controller.error(new TypeError("connection reset"))),
  "answers without end": () => stream((controller) => controller.enqueue(new Uint8Array(65_536).fill(0x20))),
  "redirects elsewhere": () =>
    new Response(null, { status: 302, headers: { location: "https://moved.test/" } }),
};

/** A server whose issuer can be brought into trouble in one place. */
async function start() {
  const issuer = await TestIssuer.create();
  const clock = { now: NOW };
  const trouble: { place?: string; fault?: () => Response } = {};
  const asked: string[] = [];
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const { href, pathname } = new URL(input instanceof Request ? input.url : input);
    asked.push(href);
    if (trouble.place !== undefined && pathname.startsWith(trouble.place)) return trouble.fault!();
    if (pathname !== INTROSPECTION) return await issuer.fetch(input);
    const exp = clock.now / 1000 + 600;
    return Response.json({ active: true, iss: ISSUER, sub: "ada", aud: RESOURCE, scope: "notes:read", exp });
  };
  const { server } = await createTestServer({
    fetch: fetch as typeof globalThis.fetch,
    now: () => clock.now,
    introspection: { url: `${ISSUER}${INTROSPECTION}`, clientId: "notes", clientSecret: "secret" },
  });
  const list = async (token: string | undefined) =>
    await ask(server, toolCall("legacy", token === undefined ? "search_notes" : "list_notes", {}, { token }));
  const sign = () =>
    issuer.token({ iat: clock.now / 1000, exp: clock.now / 1000 + 600, jti: crypto.randomUUID() });
  return { server, issuer, clock, trouble, asked, list, sign };
}

type Answered = Awaited<ReturnType<Awaited<ReturnType<typeof start>>["list"]>>;

/** The caller is told to try again, and not to sign in. */
function isOutage({ status, headers, text }: Answered): void {
  assert.equal(status, 503, text);
  assert.equal(headers.get("www-authenticate"), null);
  const seconds = Number(headers.get("retry-after"));
  assert.ok(seconds >= 1 && seconds <= 5, String(seconds));
  assert.match(text, /authorization server does not answer/);
}

for (const [what, fault] of Object.entries(FAULTS)) {
  for (const place of [METADATA, KEYS]) {
    Deno.test(`an issuer whose ${place} ${what}: known keys work on, unknown ones are 503, and all heals (AUTH-27)`, async () => {
      const { server, issuer, clock, trouble, asked, list, sign } = await start();
      assert.equal((await list(await sign())).status, 200);
      Object.assign(trouble, { place, fault });
      // Long past the age at which keys are refreshed before they are used.
      clock.now += 20 * MINUTE;
      const known = await sign();
      assert.equal((await list(known)).status, 200);
      assert.equal((await server.request("/ready")).status, 200);
      await issuer.rotate("key-2");
      isOutage(await list(await sign()));
      assert.equal((await list(undefined)).status, 200);
      assert.ok(asked.every((url) => url.startsWith(`${ISSUER}/`)), asked.join());

      delete trouble.place;
      // By then nothing is remembered of tokens.
      clock.now += MINUTE;
      assert.equal((await list(await sign())).status, 200);
      assert.equal((await list(known)).status, 401, "its key is withdrawn");
    });

    Deno.test(`a server that starts while its issuer's ${place} ${what} says 503 to tokens, serves the rest, and heals (AUTH-27)`, async () => {
      const { server, clock, trouble, list, sign } = await start();
      Object.assign(trouble, { place, fault });
      isOutage(await list(await sign()));
      assert.equal((await server.request("/ready")).status, 503);
      assert.equal((await list(undefined)).status, 200);
      delete trouble.place;
      clock.now += 1_000;
      assert.equal((await list(await sign())).status, 200);
      assert.equal((await server.request("/ready")).status, 200);
    });
  }

  Deno.test(`an introspection endpoint that ${what}: known tokens work on, unknown ones are 503, and all heals (AUTH-27)`, async () => {
    const { trouble, asked, list, sign } = await start();
    assert.equal((await list("known")).status, 200);
    Object.assign(trouble, { place: INTROSPECTION, fault });
    assert.equal((await list("known")).status, 200);
    isOutage(await list("unknown"));
    assert.equal((await list(await sign())).status, 200, "a JWT needs no introspection");
    assert.ok(asked.every((url) => url.startsWith(`${ISSUER}/`)), asked.join());
    delete trouble.place;
    assert.equal((await list("unknown")).status, 200);
  });
}

/** An answer that begins as it should, and whose next byte comes again and again, for ever. */
function drip(): { readonly response: Response; readonly cancelled: Promise<unknown> } {
  const { promise: cancelled, resolve: cancel } = Promise.withResolvers<unknown>();
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    await new Promise((resolve) => setTimeout(resolve, 0));
    controller.enqueue(Uint8Array.of(0x20));
  };
  return { response: new Response(new ReadableStream({ pull, cancel })), cancelled };
}

for (const place of [METADATA, KEYS]) {
  Deno.test(`an issuer whose ${place} drips is given up at the deadline, and hung up on (A6)`, async () => {
    const issuer = await TestIssuer.create();
    const { response, cancelled } = drip();
    const keys = createIssuerKeys({
      issuer: ISSUER,
      fetch: ((url: string) =>
        new URL(url).pathname.startsWith(place)
          ? Promise.resolve(response)
          : issuer.fetch(url)) as typeof fetch,
      now: () =>
        NOW,
      timeLimitMs: 20,
    });
    await assert.rejects(keys.ready(), { code: "timeout" });
    await cancelled;
  });
}

Deno.test("a token endpoint that drips is given up at the deadline, and hung up on (10.1)", async () => {
  const { response, cancelled } = drip();
  const exchange = createTokenExchange({
    ...{ issuer: ISSUER, url: `${ISSUER}/token`, clientId: "notes", clientSecret: "secret" },
    ...{ now: () => NOW, hint: () => "", onFailure: () => {} },
    fetch: () => Promise.resolve(response),
    timeLimitMs: 20,
  });
  const principal = {
    ...{ issuer: ISSUER, subject: "ada", clientId: undefined, scopes: new Set<string>(), claims: {} },
    expiresAt: NOW / 1000 + 600,
  };
  await assert.rejects(exchange("token", principal, { audience: "api", scopes: [] }), { code: "timeout" });
  await cancelled;
});

Deno.test("while the issuer publishes two keys the tokens of both are good, and of the newer when the older has gone (AUTH-27)", async () => {
  const [older, newer] = [await TestIssuer.create(), await TestIssuer.create()];
  newer.keyId = "key-2";
  const clock = { now: NOW };
  let published = [older];
  const fetch = async (url: string): Promise<Response> => {
    if (!url.endsWith(KEYS)) return await older.fetch(url);
    const keys = published.map(async ({ publicKey, keyId: kid, alg }) => ({
      ...await exportJWK(publicKey),
      ...{ kid, alg, use: "sig" },
    }));
    return Response.json({ keys: await Promise.all(keys) });
  };
  const { server } = await createTestServer({
    fetch: fetch as typeof globalThis.fetch,
    now: () => clock.now,
  });
  const statuses = async () =>
    await Promise.all([older, newer].map(async (issuer) => {
      const token = await issuer.token({ exp: clock.now / 1000 + 600 });
      return (await ask(server, toolCall("legacy", "list_notes", {}, { token }))).status;
    }));
  assert.deepEqual(await statuses(), [200, 401]);
  published = [older, newer];
  clock.now += MINUTE;
  assert.deepEqual(await statuses(), [200, 200]);
  published = [newer];
  clock.now += 15 * MINUTE;
  assert.deepEqual(await statuses(), [401, 200]);
});
