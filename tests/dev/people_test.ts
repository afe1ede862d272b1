import assert from "node:assert/strict";
import { decodeJwt } from "@panva/jose";
import type { DevIssuer } from "../../src/dev/issuer/issuer.ts";
import {
  authorize,
  codeFor,
  decide,
  encoded,
  readPage,
  redeem,
  redirected,
  type SignInPage,
  tokensOf,
} from "./flow.ts";
import { createClock, devIssuer, register } from "./dev_issuer.ts";

Deno.test("each demo person, and each typed name, is a subject of their own", async () => {
  const issuer = await devIssuer();
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
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  const again = await decide(issuer, page, { person: "other", name: " \u0000 " });
  assert.equal(again.status, 400);
  assert.match(await again.text(), /role="alert">Type a name\./);
  assert.ok(redirected(await decide(issuer, page, { person: "other", name: "Barbara" })).code);
});

/** Answers the page from an address, as the HTTP server passes it on. */
function decideFrom(hostname: string, { app }: DevIssuer, page: SignInPage, passcode: string) {
  return app.request("/auth/consent", {
    method: "POST",
    headers: { cookie: page.cookie },
    body: encoded({ ...page.hidden, decision: "allow", person: "grace", passcode }),
  }, { remoteAddr: { hostname } });
}

Deno.test("a passcode is asked for; after ten wrong ones of an address each further one ends its sign-in (A17)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ passcode: "open sesame", now: clock.now });
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  assert.match(page.text, /name="passcode"/);
  const guess = async (hostname: string, number: number, page: SignInPage) => {
    const response = await decideFrom(hostname, issuer, page, `guess ${number}`);
    const text = await response.text();
    assert.match(text, /not the passcode/);
    assert.doesNotMatch(text, /guess|sesame/);
    return { text, response };
  };
  for (let number = 0; number < 10; number++) {
    const { text, response } = await guess("192.0.2.1", number, page);
    assert.equal(response.status, 400);
    assert.match(text, /value="grace"\s+checked/);
  }
  const { response } = await guess("192.0.2.1", 10, page);
  assert.deepEqual([response.status, response.headers.get("retry-after")], [429, "600"]);
  assert.equal((await decideFrom("192.0.2.1", issuer, page, "open sesame")).status, 403);

  const fresh = await readPage(await authorize(issuer, client_id));
  assert.equal((await guess("192.0.2.2", 11, fresh)).response.status, 400);
  clock.pass(600);
  const later = await readPage(await authorize(issuer, client_id));
  assert.equal((await guess("192.0.2.1", 12, later)).response.status, 400);
});

Deno.test("however many wrong passcodes an address sent, the right one is accepted from it at once (A17)", async () => {
  const issuer = await devIssuer({ passcode: "open sesame" });
  const { client_id } = await register(issuer);
  for (const hostname of ["192.0.2.1", "2001:db8::1"]) {
    for (let number = 0; number < 30; number++) {
      const page = await readPage(await authorize(issuer, client_id));
      await (await decideFrom(hostname, issuer, page, `guess ${number}`)).body?.cancel();
    }
    const page = await readPage(await authorize(issuer, client_id));
    assert.ok(redirected(await decideFrom(hostname, issuer, page, " open sesame ")).code);
  }
});

Deno.test("the addresses of one IPv6 network are counted together (A17)", async () => {
  const issuer = await devIssuer({ passcode: "open sesame" });
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  const statuses: number[] = [];
  for (let host = 1; host <= 11; host++) {
    statuses.push((await decideFrom(`2001:db8:0:1::${host}`, issuer, page, "guess")).status);
  }
  assert.deepEqual(statuses, [...Array(10).fill(400), 429]);
});
