import assert from "node:assert/strict";
import { decodeJwt } from "@panva/jose";
import {
  authorize,
  codeFor,
  createClock,
  decide,
  ISSUER,
  readPage,
  redeem,
  REDIRECT_URI,
  redirected,
  register,
  testIssuer,
  tokensOf,
} from "./flow.ts";

Deno.test("the page shows app, redirect host and scopes in plain words, and that it is for development (ASA-08)", async () => {
  const issuer = await testIssuer();
  const redirect_uri = "https://app.example/callback";
  const { client_id } = await register(issuer, { client_name: "Pizza Pilot", redirect_uris: [redirect_uri] });
  const { text } = await readPage(
    await authorize(issuer, client_id, { redirect_uri, scope: "orders:read email" }),
  );
  for (
    const words of [
      "Development sign-in",
      "Pizza Pilot",
      "app.example",
      "See your past orders",
      "email address",
    ]
  ) {
    assert.ok(text.includes(words), words);
  }
  assert.ok(!text.includes("Read your profile"));
  assert.ok(!text.includes("Any program on this device"));
});

Deno.test("the page warns when the redirect stays on the device (ASA-08)", async () => {
  const issuer = await testIssuer();
  const redirect_uri = "cursor://anysphere.cursor-mcp/oauth/callback";
  const { client_id } = await register(issuer, { redirect_uris: [redirect_uri, REDIRECT_URI] });
  for (const uri of [redirect_uri, REDIRECT_URI]) {
    const { text } = await readPage(await authorize(issuer, client_id, { redirect_uri: uri }));
    assert.match(text, /Any program on this device/);
  }
});

Deno.test("what a client says about itself is inert text (ASA-10)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer, {
    client_name: `<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202Egnp.exe`,
  });
  const { text } = await readPage(
    await authorize(issuer, client_id, { state: `"><script>alert(2)</script>` }),
  );
  assert.doesNotMatch(text, /<script|<img|\u202E/);
  assert.match(text, /&lt;script&gt;alert\(1\)/);
});

Deno.test("no site can frame the page, add to it, or learn of it (ASA-10)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  for (const response of [await authorize(issuer, client_id), await authorize(issuer, "nobody")]) {
    const policy = response.headers.get("content-security-policy") ?? "";
    for (
      const directive of [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "style-src 'nonce-",
      ]
    ) {
      assert.ok(policy.includes(directive), directive);
    }
    assert.equal(response.headers.get("x-frame-options"), "DENY");
    assert.equal(response.headers.get("referrer-policy"), "no-referrer");
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.doesNotMatch(await response.text(), /<script|src=|<link/);
  }
});

Deno.test("the form may lead to us and to the client's redirect, also of an app's own scheme (ASA-10)", async () => {
  const issuer = await testIssuer();
  const cases = [
    ["https://app.example/callback", "https://app.example"],
    ["http://127.0.0.1:4567/callback", "http://127.0.0.1:4567"],
    ["http://[::1]:4567/callback", "http:"],
    ["cursor://anysphere.cursor-mcp/oauth/callback", "cursor:"],
  ];
  for (const [redirect_uri = "", source] of cases) {
    const { client_id } = await register(issuer, { redirect_uris: [redirect_uri] });
    const response = await authorize(issuer, client_id, { redirect_uri });
    const directives = response.headers.get("content-security-policy")?.split("; ");
    assert.ok(directives?.includes(`form-action 'self' ${source}`), String(directives));
  }
});

Deno.test("the cookie is as strict as the issuer's scheme allows (ASA-11)", async () => {
  const cookieOf = async (issuerId: string) => {
    const issuer = await testIssuer({ issuer: issuerId });
    const { client_id } = await register(issuer);
    return (await authorize(issuer, client_id)).headers.get("set-cookie") ?? "";
  };
  assert.match(
    await cookieOf(ISSUER),
    /^dev-sign-in=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
  );
  assert.match(
    await cookieOf("https://pizza.example/auth"),
    /^__Host-dev-sign-in=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
  );
});

Deno.test("an answer counts once, with the page's own token and browser only (ASA-09)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  const other = await readPage(await authorize(issuer, client_id));
  const forged = [
    { ...page, cookie: "" },
    { ...page, cookie: other.cookie },
    { ...page, hidden: { ...page.hidden, csrf: "" } },
    { ...page, hidden: { ...page.hidden, csrf: other.hidden.csrf ?? "" } },
    { ...page, hidden: { ...page.hidden, request: "" } },
  ];
  for (const attempt of forged) assert.equal((await decide(issuer, attempt)).status, 403);
  assert.ok(redirected(await decide(issuer, page)).code);
  assert.equal((await decide(issuer, page)).status, 403);
});

Deno.test("two tabs of one browser can both be answered (ASA-09)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const first = await readPage(await authorize(issuer, client_id));
  const second = await readPage(await authorize(issuer, client_id, {}, { cookie: first.cookie }));
  assert.equal(second.cookie, first.cookie);
  for (const page of [first, second]) assert.ok(redirected(await decide(issuer, page)).code);
});

Deno.test("a page is good for ten minutes (ASA-09)", async () => {
  const clock = createClock();
  const issuer = await testIssuer({ now: clock.now });
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  clock.pass(600);
  assert.equal((await decide(issuer, page)).status, 403);
});

Deno.test("the answer goes on as a GET, by 303, that no cache keeps and no referrer tells (ASA-12)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const response = await decide(issuer, await readPage(await authorize(issuer, client_id)));
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("referrer-policy"), "no-referrer");
});

Deno.test("Deny tells the client, once (ASA-15)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  const { error, state, iss } = redirected(await decide(issuer, page, { decision: "deny" }));
  assert.deepEqual({ error, state, iss }, { error: "access_denied", state: "state-1", iss: ISSUER });
  assert.equal((await decide(issuer, page)).status, 403);
});

Deno.test("neither a GET nor another body format can decide (ASA-09)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  const query = new URLSearchParams({ ...page.hidden, decision: "allow", person: "ada" });
  assert.equal((await issuer.app.request(`/auth/consent?${query}`)).status, 404);
  const json = await issuer.app.request("/auth/consent", {
    method: "POST",
    headers: { "content-type": "application/json", cookie: page.cookie },
    body: JSON.stringify({ ...page.hidden, decision: "allow", person: "ada" }),
  });
  assert.equal(json.status, 400);
});

Deno.test("each demo person, and each typed name, is a subject of their own", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const subjectOf = async (answered: Record<string, string>) => {
    const code = await codeFor(issuer, client_id, { answered });
    return decodeJwt((await tokensOf(await redeem(issuer, client_id, code))).access_token).sub;
  };
  assert.equal(await subjectOf({ person: "grace" }), "grace");
  assert.equal(await subjectOf({ person: "linus", name: "Ignored" }), "linus");
  assert.equal(await subjectOf({ person: "other", name: "  María José " }), "maria-jose");
  const chinese = await subjectOf({ person: "other", name: "李雷" });
  assert.match(String(chinese), /^person-[\w-]{16}$/);
  assert.notEqual(await subjectOf({ person: "other", name: "韩梅梅" }), chinese);
  assert.equal(await subjectOf({ person: "other", name: "李雷" }), chinese);
});

Deno.test("Someone else without a name is asked again and keeps the page", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  const again = await decide(issuer, page, { person: "other", name: " \u0000 " });
  assert.equal(again.status, 400);
  assert.match(await again.text(), /role="alert">Type a name\./);
  assert.ok(redirected(await decide(issuer, page, { person: "other", name: "Barbara" })).code);
});

Deno.test("a passcode is asked for, and guessing it is stopped for ten minutes", async () => {
  const clock = createClock();
  const issuer = await testIssuer({ passcode: "open sesame", now: clock.now });
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  assert.match(page.text, /name="passcode"/);
  for (let guess = 0; guess < 10; guess++) {
    const response = await decide(issuer, page, { person: "grace", passcode: `guess ${guess}` });
    assert.equal(response.status, 400);
    const text = await response.text();
    assert.match(text, /not the passcode/);
    assert.match(text, /value="grace"\s+checked/);
    assert.doesNotMatch(text, /guess|sesame/);
  }
  assert.match(
    await (await decide(issuer, page, { passcode: "open sesame" })).text(),
    /Too many wrong passcodes/,
  );
  clock.pass(600);
  const fresh = await readPage(await authorize(issuer, client_id));
  assert.ok(redirected(await decide(issuer, fresh, { passcode: "open sesame" })).code);
});
