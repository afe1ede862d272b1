import assert from "node:assert/strict";
import { decodeJwt } from "@panva/jose";
import { authorize, codeFor, decide, readPage, redeem, redirected, tokensOf } from "./flow.ts";
import { createClock, register, testIssuer } from "./test_issuer.ts";

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
