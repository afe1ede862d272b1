import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { decodeJwt } from "@panva/jose";
import type { DevIssuer } from "../../src/dev/issuer/issuer.ts";
import { assertErrorPage } from "./assert_error.ts";
import {
  authorize,
  codeFor,
  decide,
  type Fields,
  post,
  readPage,
  redeem,
  redirected,
  tokensOf,
} from "./flow.ts";
import { createClock, devIssuer, ISSUER, REDIRECT_URI, register, RESOURCE } from "./dev_issuer.ts";

/** Asserts a redirect to the client with this error, `state` and `iss`. */
function assertRedirectError(response: Response, error: string): void {
  assert.ok(response.headers.get("location")?.startsWith(`${REDIRECT_URI}?`));
  const { error_description, ...sent } = redirected(response);
  assert.deepEqual(sent, { error, state: "state-1", iss: ISSUER });
  assert.ok(error_description);
}

/** A client that somebody has allowed to connect, so that it learns of errors by redirect. */
async function consentedClient(issuer: DevIssuer): Promise<string> {
  const { client_id } = await register(issuer);
  await codeFor(issuer, client_id);
  return client_id;
}

Deno.test("an unknown client, or two of them, get a page and never a redirect (AS-14)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  await assertErrorPage(await authorize(issuer, "nobody"));
  await assertErrorPage(await authorize(issuer, "", { client_id: undefined }));
  await assertErrorPage(await authorize(issuer, client_id, { client_id: [client_id, client_id] }));
});

Deno.test("more than 8 KiB of parameters get a page, and what is sent as state just below comes back (ASA-06)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const state = "x".repeat(7_500);
  const page = await readPage(await authorize(issuer, client_id, { state }));
  assert.equal(redirected(await decide(issuer, page)).state, state);
  await assertErrorPage(await authorize(issuer, client_id, { state: state + state }), /8 KiB/);
});

Deno.test("PKCE with S256 is required, and no method does not mean plain (ASA-03)", async () => {
  const issuer = await devIssuer();
  const client_id = await consentedClient(issuer);
  const wrong: Fields[] = [
    { code_challenge: undefined },
    { code_challenge: undefined, code_challenge_method: undefined },
    { code_challenge_method: undefined },
    { code_challenge_method: "plain" },
    { code_challenge: "too-short" },
  ];
  for (const fields of wrong) {
    assertRedirectError(await authorize(issuer, client_id, fields), "invalid_request");
  }
});

Deno.test("any resource but ours is an invalid target (ASA-04)", async () => {
  const issuer = await devIssuer();
  const client_id = await consentedClient(issuer);
  for (
    const resource of [
      "https://other.example/mcp",
      "/mcp",
      `${RESOURCE}#fragment`,
      `${RESOURCE}/`,
      [RESOURCE, "https://other.example/mcp"],
    ]
  ) {
    assertRedirectError(await authorize(issuer, client_id, { resource }), "invalid_target");
  }
});

Deno.test("without a resource the token is for ours all the same (ASA-05)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const code = await codeFor(issuer, client_id, { asked: { resource: undefined } });
  const { access_token } = await tokensOf(await redeem(issuer, client_id, code));
  assert.equal(decodeJwt(access_token).aud, RESOURCE);
});

Deno.test("only a plain code request is understood (ASA-06)", async () => {
  const issuer = await devIssuer();
  const client_id = await consentedClient(issuer);
  const cases: [Fields, string][] = [
    [{ response_type: undefined }, "invalid_request"],
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ response_mode: "fragment" }, "invalid_request"],
    [{ scope: ["notes:read", "notes:read"] }, "invalid_request"],
    [{ request: "e30.e30." }, "request_not_supported"],
    [{ request_uri: "https://app.example/r" }, "request_uri_not_supported"],
    [{ prompt: "none" }, "login_required"],
  ];
  for (const [fields, error] of cases) {
    assertRedirectError(await authorize(issuer, client_id, fields), error);
  }
});

Deno.test("state comes back unchanged, and not at all when none was sent (ASA-06)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const state = 'a b+c&d=é"<>%20#';
  const page = await readPage(await authorize(issuer, client_id, { state }));
  assert.equal(redirected(await decide(issuer, page)).state, state);
  const stateless = await readPage(await authorize(issuer, client_id, { state: undefined }));
  assert.equal("state" in redirected(await decide(issuer, stateless)), false);
});

Deno.test("unknown scopes are left out and the answer says what was granted; none left is an error (ASA-07)", async () => {
  const issuer = await devIssuer();
  const client_id = await consentedClient(issuer);
  assertRedirectError(await authorize(issuer, client_id, { scope: "foo toString" }), "invalid_scope");
  const code = await codeFor(issuer, client_id, { asked: { scope: "foo notes:read" } });
  const tokens = await tokensOf(await redeem(issuer, client_id, code));
  assert.equal(tokens.scope, "notes:read");
  assert.equal(decodeJwt(tokens.access_token).scope, "notes:read");
});

Deno.test("errors of a client that nobody has allowed are shown, and only the person can go on to it (A17)", async () => {
  const issuer = await devIssuer();
  const redirect_uri = "https://app.example/callback";
  const { client_id } = await register(issuer, { redirect_uris: [redirect_uri] });
  const cases: [Fields, string][] = [
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ scope: "unknown" }, "invalid_scope"],
    [{ code_challenge: undefined }, "invalid_request"],
    [{ resource: "https://other.example/mcp" }, "invalid_target"],
    [{ prompt: "none" }, "login_required"],
  ];
  for (const [fields, error] of cases) {
    const response = await authorize(issuer, client_id, { redirect_uri, ...fields });
    assert.equal(response.headers.get("location"), null);
    const text = await response.text();
    assert.equal(response.status, 400, text);
    assert.match(text, /Return to app\.example</);
    const { href } = /<a class="link" href="(?<href>[^"]+)"/.exec(text)?.groups ?? {};
    const { origin, searchParams } = new URL(href?.replaceAll("&amp;", "&") ?? "");
    assert.equal(origin, "https://app.example");
    assert.deepEqual([searchParams.get("error"), searchParams.get("state"), searchParams.get("iss")], [
      error,
      "state-1",
      ISSUER,
    ]);
  }
});

Deno.test("consent ends with the grant: after its revocation a client's errors are shown again (A17)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const other = await register(issuer, { client_name: "Other" });
  const tokens = await tokensOf(await redeem(issuer, client_id, await codeFor(issuer, client_id)));
  assertRedirectError(await authorize(issuer, client_id, { scope: "unknown" }), "invalid_scope");
  await assertErrorPage(await authorize(issuer, other.client_id, { scope: "unknown" }), /Return to 127/);
  await post(issuer, "/auth/revoke", { client_id, token: tokens.refresh_token });
  await assertErrorPage(await authorize(issuer, client_id, { scope: "unknown" }), /Return to 127/);
});

Deno.test("the sign-in addresses, opened without an app, say where sign-in starts", async () => {
  const issuer = await devIssuer();
  const headers = { accept: "text/html,*/*" };
  for (
    const [path, status] of [["/auth", 200], ["/auth/authorize", 400], ["/auth/authorize?", 400]] as const
  ) {
    const response = await issuer.app.request(path, { headers });
    assert.equal(response.status, status);
    const text = await response.text();
    assert.match(text, /Sign-in starts in an app/);
    assert.ok(text.includes(`href="${RESOURCE}"`));
  }
  assert.equal((await issuer.app.request("/auth", { headers: { accept: "application/json" } })).status, 404);
});

Deno.test("a flood of sign-ins from one address keeps nobody else from signing in (A17)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { client_id } = await register(issuer);
  const from = (hostname: string, clientId: string) =>
    issuer.app.request(`/auth/authorize?client_id=${clientId}`, {}, { remoteAddr: { hostname } });
  for (let count = 0; count < 600; count++) await (await from("192.0.2.1", "nobody")).body?.cancel();
  assert.equal((await from("192.0.2.1", client_id)).status, 429);
  assert.equal((await from("192.0.2.2", client_id)).status, 400);
  await readPage(await authorize(issuer, client_id));
});

Deno.test("requests that wait for a decision are bounded: the oldest is dropped (A17)", async () => {
  using database = new DatabaseSync(":memory:");
  const clock = createClock();
  const issuer = await devIssuer({ database, now: clock.now });
  const { client_id } = await register(issuer);
  const oldest = await readPage(await authorize(issuer, client_id));
  const second = await readPage(await authorize(issuer, client_id));
  database.prepare(
    `WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 5998)
     INSERT INTO dev_requests (id, browser_hash, csrf_hash, request, expires_at)
     SELECT 'request-' || n, '', '', '{}', ? FROM counter`,
  ).run(clock.now() + 600_000);
  const newest = await readPage(await authorize(issuer, client_id));
  assert.equal((await decide(issuer, oldest)).status, 403);
  assert.equal((await decide(issuer, second)).status, 303);
  assert.equal((await decide(issuer, newest)).status, 303);
});

Deno.test("a flood of sign-ins is told to wait and does no harm later", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now });
  const { client_id } = await register(issuer);
  for (let count = 0; count < 600; count++) await (await authorize(issuer, "nobody")).body?.cancel();
  const response = await authorize(issuer, client_id);
  assert.equal(response.headers.get("retry-after"), "60");
  await assertErrorPage(response, /try again in/, 429);
  clock.pass(60);
  await readPage(await authorize(issuer, client_id));
});
