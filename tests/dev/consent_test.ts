import assert from "node:assert/strict";
import { authorize, decide, readPage, redirected } from "./flow.ts";
import { createClock, devIssuer, ISSUER, register } from "./dev_issuer.ts";

Deno.test("an answer counts once, with the page's own token and browser only (ASA-09)", async () => {
  const issuer = await devIssuer();
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
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const first = await readPage(await authorize(issuer, client_id));
  const second = await readPage(await authorize(issuer, client_id, {}, { cookie: first.cookie }));
  assert.equal(second.cookie, first.cookie);
  for (const page of [first, second]) assert.ok(redirected(await decide(issuer, page)).code);
});

Deno.test("a page is good for ten minutes (ASA-09)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  clock.pass(600);
  assert.equal((await decide(issuer, page)).status, 403);
});

Deno.test("the answer goes on as a GET, by 303, that no cache keeps and no referrer tells (ASA-12)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const response = await decide(issuer, await readPage(await authorize(issuer, client_id)));
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("referrer-policy"), "no-referrer");
});

Deno.test("Deny tells the client, once (ASA-15)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  const { error, state, iss } = redirected(await decide(issuer, page, { decision: "deny" }));
  assert.deepEqual({ error, state, iss }, { error: "access_denied", state: "state-1", iss: ISSUER });
  assert.equal((await decide(issuer, page)).status, 403);
});

Deno.test("only the word allow allows: an answer without it, or with another, is a no (ASA-15)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  for (const decision of [undefined, "Allow", "yes"]) {
    const page = await readPage(await authorize(issuer, client_id));
    const { error, code } = redirected(await decide(issuer, page, { decision }));
    assert.equal(error, "access_denied");
    assert.equal(code, undefined);
  }
});

Deno.test("neither a GET nor another body format can decide (ASA-09)", async () => {
  const issuer = await devIssuer();
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
