import assert from "node:assert/strict";
import type { DevIssuerOptions } from "../../src/dev/issuer/issuer.ts";
import { assertError } from "./assert_error.ts";
import { authorize, readPage, redeem } from "./flow.ts";
import { createClock, devIssuer } from "./dev_issuer.ts";
import { assertRefused, CLIENT_ID, DOCUMENT, internet } from "./internet.ts";

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
    await assertRefused(await devIssuer(options), CLIENT_ID, /instead of 200/);
    assert.deepEqual(fetched, [CLIENT_ID]);
  }
  const issuer = await devIssuer(internet({}).options);
  const text = await (await authorize(issuer, CLIENT_ID)).text();
  assert.match(text, /could not be fetched/);
  assert.doesNotMatch(text, /10\.1\.2\.3/);
});

Deno.test("the page names the host that could not be reached and the remedy, the log has the cause (A17)", async () => {
  const reasons: string[] = [];
  const secret = `${CLIENT_ID}?secret=1`;
  const rejection = new TypeError(
    `error sending request for url (${secret}): dns\nerror ${"x".repeat(9_000)}`,
  );
  const offline = await devIssuer({
    fetch: () => Promise.reject(rejection),
    resolve: () => Promise.resolve(["93.184.215.14"]),
    onFailure: (reason) => reasons.push(reason),
  });
  const text = await (await authorize(offline, secret)).text();
  assert.match(text, /could not reach app\.example/);
  assert.match(text, /DEV_CLIENT_DOCUMENTS=false/);
  const { error_description } = await (await redeem(offline, secret, "code")).json();
  assert.match(error_description, /could not reach app\.example.*DEV_CLIENT_DOCUMENTS=false/);
  assert.equal(reasons.length, 2);
  assert.match(
    reasons[0] ?? "",
    /^Cannot fetch the client ID metadata document at app\.example: .*: dns error x+$/,
  );
  assert.ok((reasons[0]?.length ?? 0) < 500);
  assert.doesNotMatch(`${reasons}`, /secret/);

  const withoutDns = await devIssuer({
    resolve: () => Promise.reject(new Error("getaddrinfo ENOTFOUND app.example")),
    onFailure: (reason) => reasons.push(reason),
  });
  assert.match(await (await authorize(withoutDns, CLIENT_ID)).text(), /could not reach app\.example/);
  assert.match(reasons.at(-1) ?? "", /ENOTFOUND/);
});

Deno.test("a resolver or a document that never comes is given up after five seconds (A17)", async () => {
  const { promise: never } = Promise.withResolvers<never>();
  const endless = () => new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) });
  const slow: Partial<DevIssuerOptions>[] = [
    { resolve: () => never },
    {
      fetch: () => Promise.resolve(new Response(endless())),
      resolve: () => Promise.resolve(["93.184.215.14"]),
    },
  ];
  for (const options of slow) {
    const deadline = new AbortController();
    const limits: number[] = [];
    const timeout = (ms: number) => {
      limits.push(ms);
      return deadline.signal;
    };
    const issuer = await devIssuer({ ...options, timeout });
    const answer = authorize(issuer, CLIENT_ID);
    await new Promise((resolve) => setTimeout(resolve));
    deadline.abort(new Error("time is up"));
    assert.match(await (await answer).text(), /could not reach app\.example/);
    assert.deepEqual(limits, [5_000]);
  }
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
    const issuer = await devIssuer({ ...options, resolve: () => Promise.resolve(found) });
    await assertRefused(issuer, CLIENT_ID, /not on the public internet/);
    assert.deepEqual(fetched, [], found.join());
  }
  const { options } = internet({ [CLIENT_ID]: DOCUMENT });
  const issuer = await devIssuer({ ...options, resolve: () => Promise.resolve(["2606:2800:220:1::1"]) });
  await readPage(await authorize(issuer, CLIENT_ID));
});

Deno.test("an address written into the URL is checked like a resolved one (CIMD-06)", async () => {
  const { fetched, options } = internet({});
  const issuer = await devIssuer({ ...options, resolve: (hostname) => Promise.resolve([hostname]) });
  for (const host of ["169.254.169.254", "10.0.0.1", "[fd00::1]", "[::ffff:a00:1]"]) {
    await assertRefused(issuer, `https://${host}/x`, /not on the public internet/);
  }
  assert.deepEqual(fetched, []);
});

Deno.test("documents on loopback are read only while the issuer is there itself (CIMD-06)", async () => {
  const clientId = "http://localhost:5173/client.json";
  const page = { [clientId]: { ...DOCUMENT, client_id: clientId } };
  const options = { ...internet(page).options, resolve: () => Promise.resolve(["127.0.0.1", "::1"]) };
  await readPage(await authorize(await devIssuer(options), clientId));

  const rebound = await devIssuer({ ...options, resolve: () => Promise.resolve(["10.0.0.1"]) });
  await assertRefused(rebound, clientId, /not on the public internet/);
  const tunnelled = await devIssuer({ ...options, issuer: "https://notes.example/auth" });
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
  await assertRefused(await devIssuer(internet(pages).options), CLIENT_ID, /larger than 5 KiB/);
  const issuer = await devIssuer({
    fetch: () => Promise.resolve(new Response(endless, { headers: { "content-length": "10" } })),
    resolve: () => Promise.resolve(["93.184.215.14"]),
  });
  await assertRefused(issuer, CLIENT_ID, /larger than 5 KiB/);
  assert.ok(pulled < 10, String(pulled));
});

Deno.test("nobody can make the issuer fetch more than 60 documents a minute (CIMD-07)", async () => {
  const clock = createClock();
  const { fetched, options } = internet({ [CLIENT_ID]: DOCUMENT });
  const issuer = await devIssuer({ ...options, now: clock.now });
  for (let count = 0; count < 60; count++) {
    await assertError(await redeem(issuer, `${CLIENT_ID}?${count}`, "code"), "invalid_client", 401);
  }
  await assertError(await redeem(issuer, CLIENT_ID, "code"), "temporarily_unavailable", 429);
  assert.equal(fetched.length, 60);
  clock.pass(60);
  await assertError(await redeem(issuer, CLIENT_ID, "code"), "invalid_grant");
});
