import assert from "node:assert/strict";
import { decodeJwt } from "@panva/jose";
import { authorize, decide, readPage, redeem, redirected, tokensOf } from "./flow.ts";
import { devIssuer, ISSUER, REDIRECT_URI, register } from "./dev_issuer.ts";

/** The start of the one script that the page itself has. */
const OWN_SCRIPT = /<script nonce="([\w-]{43})">/;

Deno.test("the page shows app, redirect host and scopes in plain words, and that it is for development (ASA-08, AS-13)", async () => {
  const issuer = await devIssuer();
  const redirect_uri = "https://app.example/callback";
  const { client_id } = await register(issuer, { client_name: "Notes Pilot", redirect_uris: [redirect_uri] });
  const { text } = await readPage(
    await authorize(issuer, client_id, { redirect_uri, scope: "notes:read email" }),
  );
  for (
    const words of [
      "Development sign-in",
      "Notes Pilot",
      "app.example",
      "See your notes",
      "email address",
    ]
  ) {
    assert.ok(text.includes(words), words);
  }
  assert.ok(!text.includes("Read your profile"));
  assert.ok(!text.includes("Any program on this device"));
});

Deno.test("the page warns when the redirect stays on the device (ASA-08)", async () => {
  const issuer = await devIssuer();
  const redirect_uri = "cursor://anysphere.cursor-mcp/oauth/callback";
  const { client_id } = await register(issuer, { redirect_uris: [redirect_uri, REDIRECT_URI] });
  for (const uri of [redirect_uri, REDIRECT_URI]) {
    const { text } = await readPage(await authorize(issuer, client_id, { redirect_uri: uri }));
    assert.match(text, /Any program on this device/);
  }
});

Deno.test("what a client says about itself is inert text (ASA-10)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer, {
    client_name: `<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202Egnp.exe`,
  });
  const { text } = await readPage(
    await authorize(issuer, client_id, { state: `"><script>alert(2)</script>` }),
  );
  assert.doesNotMatch(text.replace(OWN_SCRIPT, ""), /<script|<img|\u202E/);
  assert.match(text, /&lt;script&gt;alert\(1\)/);
});

Deno.test("no site can frame the page, add to it, or learn of it (ASA-10)", async () => {
  const issuer = await devIssuer();
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
    const text = await response.text();
    const nonce = OWN_SCRIPT.exec(text)?.[1];
    // Only the script that moves the focus, if any, and only by the policy's own nonce.
    assert.equal(/script-src ([^;]*)/.exec(policy)?.[1], nonce && `'nonce-${nonce}'`);
    assert.doesNotMatch(text.replace(OWN_SCRIPT, ""), /<script|src=|<link/);
  }
});

Deno.test("the form may lead to us and to the client's redirect, also of an app's own scheme (ASA-10)", async () => {
  const issuer = await devIssuer();
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

Deno.test("after an error the field to correct has the focus and says what is wrong with it", async () => {
  const issuer = await devIssuer({ passcode: "open sesame" });
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  assert.doesNotMatch(page.text, /autofocus|aria-describedby/);
  const cases = [
    [{ passcode: "wrong" }, "passcode"],
    [{ passcode: "open sesame", person: "other", name: " " }, "name"],
  ] as const;
  for (const [fields, name] of cases) {
    const text = await (await decide(issuer, page, fields)).text();
    const invalid = [...text.matchAll(/<input[^>]*aria-invalid="true"[^>]*>/g)].map(([input]) => input);
    assert.equal(invalid.length, 1);
    assert.match(invalid[0] ?? "", new RegExp(`name="${name}"`));
    assert.match(invalid[0] ?? "", /autofocus aria-invalid="true" aria-describedby="problem"/);
    assert.match(text, /id="problem" role="alert"/);
  }
});

Deno.test("names are cut to 60 characters, never in the middle of one (A1)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer, { client_name: `x${"🍕".repeat(99)}` });
  const page = await readPage(await authorize(issuer, client_id, { scope: "openid profile" }));
  assert.ok(page.text.includes(`<h1>x${"🍕".repeat(59)} asks to connect`));
  const { code = "" } = redirected(
    await decide(issuer, page, { person: "other", name: `x${"🍕".repeat(99)}` }),
  );
  const { id_token } = await tokensOf(await redeem(issuer, client_id, code));
  assert.equal(decodeJwt(id_token).name, `x${"🍕".repeat(59)}`);
});

Deno.test("the cookie is as strict as the issuer's scheme allows (ASA-11)", async () => {
  const cookieOf = async (issuerId: string) => {
    const issuer = await devIssuer({ issuer: issuerId });
    const { client_id } = await register(issuer);
    return (await authorize(issuer, client_id)).headers.get("set-cookie") ?? "";
  };
  assert.match(
    await cookieOf(ISSUER),
    /^dev-sign-in=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
  );
  assert.match(
    await cookieOf("https://notes.example/auth"),
    /^__Host-dev-sign-in=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
  );
});
