import assert from "node:assert/strict";
import { exportJWK, generateKeyPair, SignJWT } from "@panva/jose";
import type { DevIssuer, DevIssuerOptions } from "../../src/dev/issuer.ts";
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
  testIssuer,
  tokensOf,
} from "./flow.ts";

const CLIENT_ID = "https://app.example/client.json";
const DOCUMENT = { client_id: CLIENT_ID, client_name: "Documented app", redirect_uris: [REDIRECT_URI] };

/** An internet of given answers, which notes what was fetched. */
function internet(pages: Record<string, unknown>): {
  fetched: string[];
  options: Pick<DevIssuerOptions, "fetch" | "resolve">;
} {
  const fetched: string[] = [];
  const answer: typeof fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    fetched.push(url);
    assert.equal(init?.redirect, "manual");
    const page = pages[url];
    if (page === undefined) return Promise.reject(new TypeError("connection refused by 10.1.2.3"));
    return Promise.resolve(page instanceof Response ? page.clone() : Response.json(page));
  };
  return { fetched, options: { fetch: answer, resolve: () => Promise.resolve(["93.184.215.14"]) } };
}

/** Asserts that sign-in for this client ends on an error page that matches. */
async function assertRefused(issuer: DevIssuer, clientId: string, reason: RegExp): Promise<void> {
  const response = await authorize(issuer, clientId);
  const text = await response.text();
  assert.equal(response.status, 400, clientId);
  assert.equal(response.headers.get("location"), null);
  assert.match(text, reason, clientId);
}

Deno.test("a client described by its document signs in and refreshes; the page shows the document's host (CIMD-03, ASA-08)", async () => {
  const issuer = await testIssuer(internet({ [CLIENT_ID]: DOCUMENT }).options);
  const { text } = await readPage(await authorize(issuer, CLIENT_ID));
  assert.ok(text.includes("Documented app") && text.includes("app.example"));
  const tokens = await tokensOf(await redeem(issuer, CLIENT_ID, await codeFor(issuer, CLIENT_ID)));
  await tokensOf(await refresh(issuer, CLIENT_ID, tokens.refresh_token));
});

Deno.test("a client_id URL is plain https with a path, judged as it is spelled (CIMD-01)", async () => {
  const { fetched, options } = internet({});
  const issuer = await testIssuer(options);
  const bad: [string, RegExp][] = [
    ["http://app.example/client.json", /does not use https/],
    ["https://app.example", /has no path/],
    ["https://app.example/", /has no path/],
    ["https://app.example?path=/client.json", /has no path/],
    ["https://app.example/client.json#fragment", /has a fragment/],
    ["https://app.example/client.json#", /has a fragment/],
    ["https://user@app.example/client.json", /has user information/],
    ["https://user:secret@app.example/client.json", /has user information/],
    ["https://@app.example/client.json", /normal spelling/],
    ["https://app.example/a/../client.json", /normal spelling/],
    ["https://app.example/./client.json", /normal spelling/],
    ["https://app.example/a/%2e%2E/client.json", /normal spelling/],
    ["https://app.example/a/.%2e/client.json", /normal spelling/],
    ["https://app.example\\client.json", /normal spelling/],
    ["https://app.example/client .json", /normal spelling/],
    ["https://app.example:443/client.json", /normal spelling/],
    ["https://APP.example/client.json", /normal spelling/],
    ["HTTPS://app.example/client.json", /normal spelling/],
    ["https:///app.example/client.json", /normal spelling/],
    ["https://", /is not a URL/],
  ];
  for (const [clientId, reason] of bad) await assertRefused(issuer, clientId, reason);
  assert.deepEqual(fetched, []);
});

Deno.test("the document must name its own URL, letter by letter (CIMD-02)", async () => {
  const spelled = [`${CLIENT_ID}?a=1`, `${CLIENT_ID}?`, "https://app.example:8443/client.json"];
  const issuer = await testIssuer(
    internet(Object.fromEntries([CLIENT_ID, ...spelled].map((u) => [u, DOCUMENT]))).options,
  );
  for (const clientId of spelled) await assertRefused(issuer, clientId, /must state its own URL/);
  await readPage(await authorize(issuer, CLIENT_ID));
});

Deno.test("a document without the needed members, or with a secret, is refused (CIMD-03, CIMD-04, CIMD-08)", async () => {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const bad: [unknown, RegExp][] = [
    [{ ...DOCUMENT, client_id: undefined }, /own URL/],
    [{ ...DOCUMENT, client_name: undefined }, /client_name/],
    [{ ...DOCUMENT, redirect_uris: undefined }, /redirect_uris/],
    [{ ...DOCUMENT, redirect_uris: ["https://other.example/callback"] }, /did not register/],
    [{ ...DOCUMENT, redirect_uris: ["javascript:alert(1)"] }, /scheme that a browser interprets/],
    [[DOCUMENT], /own URL/],
    [new Response("<html>", { headers: { "content-type": "text/html" } }), /is not JSON/],
    [{ ...DOCUMENT, client_secret: "s" }, /no secret/],
    [{ ...DOCUMENT, client_secret_expires_at: 0 }, /no secret/],
    [{ ...DOCUMENT, token_endpoint_auth_method: "client_secret_basic" }, /cannot use a client secret/],
    [{ ...DOCUMENT, token_endpoint_auth_method: "tls_client_auth" }, /authentication methods/],
    [{ ...DOCUMENT, jwks: { keys: [await exportJWK(privateKey)] } }, /jwks/],
    [{ ...DOCUMENT, jwks: { keys: [{ kty: "oct", k: "c2VjcmV0" }] } }, /jwks/],
  ];
  for (const [document, reason] of bad) {
    await assertRefused(await testIssuer(internet({ [CLIENT_ID]: document }).options), CLIENT_ID, reason);
  }
});

Deno.test("only a 200 counts, redirects are not followed, and the reason tells nothing of our network (CIMD-05)", async () => {
  const moved = new Response(null, { status: 301, headers: { location: "https://app.example/new.json" } });
  for (
    const answer of [
      moved,
      Response.json(DOCUMENT, { status: 404 }),
      Response.json(DOCUMENT, { status: 201 }),
    ]
  ) {
    const { fetched, options } = internet({ [CLIENT_ID]: answer, "https://app.example/new.json": DOCUMENT });
    await assertRefused(await testIssuer(options), CLIENT_ID, /instead of 200/);
    assert.deepEqual(fetched, [CLIENT_ID]);
  }
  const issuer = await testIssuer(internet({}).options);
  const text = await (await authorize(issuer, CLIENT_ID)).text();
  assert.match(text, /could not be fetched/);
  assert.doesNotMatch(text, /10\.1\.2\.3/);
});

Deno.test("nothing is fetched from a special-use address, however it is written (CIMD-06)", async () => {
  const addresses = [
    ["0.0.0.0"],
    ["10.0.0.1"],
    ["100.64.0.1"],
    ["127.0.0.1"],
    ["169.254.169.254"],
    ["172.16.0.1"],
    ["192.0.2.1"],
    ["192.168.1.1"],
    ["198.18.0.1"],
    ["224.0.0.1"],
    ["255.255.255.255"],
    ["::"],
    ["::1"],
    ["::ffff:10.0.0.1"],
    ["::ffff:8.8.8.8"],
    ["64:ff9b::a00:1"],
    ["fc00::1"],
    ["fe80::1"],
    ["2001:db8::1"],
    ["2002:a00:1::"],
    ["ff02::1"],
    ["93.184.215.14", "10.0.0.1"],
    [],
    ["nonsense"],
  ];
  for (const found of addresses) {
    const { fetched, options } = internet({ [CLIENT_ID]: DOCUMENT });
    const issuer = await testIssuer({ ...options, resolve: () => Promise.resolve(found) });
    await assertRefused(issuer, CLIENT_ID, /not on the public internet/);
    assert.deepEqual(fetched, [], found.join());
  }
  const { options } = internet({ [CLIENT_ID]: DOCUMENT });
  const issuer = await testIssuer({ ...options, resolve: () => Promise.resolve(["2606:2800:220:1::1"]) });
  await readPage(await authorize(issuer, CLIENT_ID));
});

Deno.test("an address written into the URL is checked like a resolved one (CIMD-06)", async () => {
  const { fetched, options } = internet({});
  const issuer = await testIssuer({ ...options, resolve: (hostname) => Promise.resolve([hostname]) });
  for (const host of ["169.254.169.254", "10.0.0.1", "[fd00::1]", "[::ffff:a00:1]"]) {
    await assertRefused(issuer, `https://${host}/x`, /not on the public internet/);
  }
  assert.deepEqual(fetched, []);
});

Deno.test("documents on loopback are read only while the issuer is there itself (CIMD-06)", async () => {
  const clientId = "http://localhost:5173/client.json";
  const page = { [clientId]: { ...DOCUMENT, client_id: clientId } };
  const options = { ...internet(page).options, resolve: () => Promise.resolve(["127.0.0.1", "::1"]) };
  await readPage(await authorize(await testIssuer(options), clientId));

  const rebound = await testIssuer({ ...options, resolve: () => Promise.resolve(["10.0.0.1"]) });
  await assertRefused(rebound, clientId, /not on the public internet/);
  const tunnelled = await testIssuer({ ...options, issuer: "https://pizza.example/auth" });
  await assertRefused(tunnelled, clientId, /is on loopback/);
});

Deno.test("at most 5 KiB are read, counted as they arrive (CIMD-07)", async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(1024).fill(32));
    },
  });
  const pages = { [CLIENT_ID]: { ...DOCUMENT, client_uri: "x".repeat(5 * 1024) } };
  await assertRefused(await testIssuer(internet(pages).options), CLIENT_ID, /larger than 5 KiB/);
  const issuer = await testIssuer({
    fetch: () => Promise.resolve(new Response(endless, { headers: { "content-length": "10" } })),
    resolve: () => Promise.resolve(["93.184.215.14"]),
  });
  await assertRefused(issuer, CLIENT_ID, /larger than 5 KiB/);
  assert.ok(pulled < 10, String(pulled));
});

Deno.test("a document is kept as long as it allows, within a day, and a failure never (CIMD-09)", async () => {
  const cases: [string | undefined, number, number][] = [
    [undefined, 299, 300],
    ["max-age=60", 59, 60],
    ["public, max-age=999999999", 86_399, 86_400],
    ["no-store", -1, 0],
    ["no-cache, max-age=60", -1, 0],
  ];
  for (const [cacheControl, kept, gone] of cases) {
    const clock = createClock();
    const headers: Record<string, string> = cacheControl === undefined
      ? {}
      : { "cache-control": cacheControl };
    const { fetched, options } = internet({ [CLIENT_ID]: Response.json(DOCUMENT, { headers }) });
    const issuer = await testIssuer({ ...options, now: clock.now });
    await readPage(await authorize(issuer, CLIENT_ID));
    if (kept >= 0) {
      clock.pass(kept);
      await readPage(await authorize(issuer, CLIENT_ID));
      assert.equal(fetched.length, 1, cacheControl);
    }
    clock.pass(gone - Math.max(kept, 0));
    await readPage(await authorize(issuer, CLIENT_ID));
    assert.equal(fetched.length, 2, cacheControl);
  }
  const pages: Record<string, unknown> = { [CLIENT_ID]: { ...DOCUMENT, client_name: undefined } };
  const issuer = await testIssuer(internet(pages).options);
  await assertRefused(issuer, CLIENT_ID, /client_name/);
  pages[CLIENT_ID] = DOCUMENT;
  await readPage(await authorize(issuer, CLIENT_ID));
});

Deno.test("private_key_jwt alone is required; a list is a choice (CIMD-10)", async () => {
  const clock = createClock();
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwks_uri = "https://app.example/jwks.json";
  const document = { ...DOCUMENT, token_endpoint_auth_method: "private_key_jwt", jwks_uri };
  const pages: Record<string, unknown> = {
    [CLIENT_ID]: document,
    [jwks_uri]: { keys: [{ ...await exportJWK(publicKey), alg: "RS256" }] },
  };
  const newIssuer = () => testIssuer({ ...internet(pages).options, now: clock.now });
  const assertion = {
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await new SignJWT({ jti: "1" }).setProtectedHeader({ alg: "RS256" }).setIssuer(
      CLIENT_ID,
    )
      .setSubject(CLIENT_ID).setAudience(ISSUER).setExpirationTime(clock.now() / 1000 + 60).sign(privateKey),
  };
  const strict = await newIssuer();
  const code = await codeFor(strict, CLIENT_ID);
  await assertError(await redeem(strict, CLIENT_ID, code), "invalid_client", 401);
  await tokensOf(await redeem(strict, CLIENT_ID, code, assertion));

  pages[CLIENT_ID] = {
    ...document,
    token_endpoint_auth_methods_supported: ["none", "private_key_jwt", "tls"],
  };
  for (const fields of [{}, assertion]) {
    const issuer = await newIssuer();
    await tokensOf(await redeem(issuer, CLIENT_ID, await codeFor(issuer, CLIENT_ID), fields));
  }

  pages[jwks_uri] = { keys: [{ kty: "oct", k: "c2VjcmV0" }] };
  const poisoned = await newIssuer();
  const second = await codeFor(poisoned, CLIENT_ID);
  await assertError(await redeem(poisoned, CLIENT_ID, second, assertion), "invalid_client_metadata");
});

Deno.test("nobody can make the issuer fetch more than 60 documents a minute (CIMD-07)", async () => {
  const clock = createClock();
  const { fetched, options } = internet({ [CLIENT_ID]: DOCUMENT });
  const issuer = await testIssuer({ ...options, now: clock.now });
  for (let count = 0; count < 60; count++) {
    await assertError(await redeem(issuer, `${CLIENT_ID}?${count}`, "code"), "invalid_client", 401);
  }
  await assertError(await redeem(issuer, CLIENT_ID, "code"), "temporarily_unavailable", 429);
  assert.equal(fetched.length, 60);
  clock.pass(60);
  await assertError(await redeem(issuer, CLIENT_ID, "code"), "invalid_grant");
});
