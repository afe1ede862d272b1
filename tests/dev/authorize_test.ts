import assert from "node:assert/strict";
import { decodeJwt } from "@panva/jose";
import { assertErrorPage } from "./assert_error.ts";
import { authorize, codeFor, decide, type Fields, readPage, redeem, redirected, tokensOf } from "./flow.ts";
import { createClock, ISSUER, REDIRECT_URI, register, RESOURCE, testIssuer } from "./test_issuer.ts";

/** Asserts a redirect to the client with this error, `state` and `iss`. */
function assertRedirectError(response: Response, error: string): void {
  assert.ok(response.headers.get("location")?.startsWith(`${REDIRECT_URI}?`));
  const { error_description, ...sent } = redirected(response);
  assert.deepEqual(sent, { error, state: "state-1", iss: ISSUER });
  assert.ok(error_description);
}

Deno.test("an unknown client, or two of them, get a page and never a redirect (AS-14)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  await assertErrorPage(await authorize(issuer, "nobody"));
  await assertErrorPage(await authorize(issuer, "", { client_id: undefined }));
  await assertErrorPage(await authorize(issuer, client_id, { client_id: [client_id, client_id] }));
});

Deno.test("more than 8 KiB of parameters get a page, and what is sent as state just below comes back (ASA-06)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const state = "x".repeat(7_500);
  const page = await readPage(await authorize(issuer, client_id, { state }));
  assert.equal(redirected(await decide(issuer, page)).state, state);
  await assertErrorPage(await authorize(issuer, client_id, { state: state + state }), /8 KiB/);
});

Deno.test("PKCE with S256 is required, and no method does not mean plain (ASA-03)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
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
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
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
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const code = await codeFor(issuer, client_id, { asked: { resource: undefined } });
  const { access_token } = await tokensOf(await redeem(issuer, client_id, code));
  assert.equal(decodeJwt(access_token).aud, RESOURCE);
});

Deno.test("only a plain code request is understood (ASA-06)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const cases: [Fields, string][] = [
    [{ response_type: undefined }, "invalid_request"],
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ response_mode: "fragment" }, "invalid_request"],
    [{ scope: ["orders:read", "orders:read"] }, "invalid_request"],
    [{ request: "e30.e30." }, "request_not_supported"],
    [{ request_uri: "https://app.example/r" }, "request_uri_not_supported"],
    [{ prompt: "none" }, "login_required"],
  ];
  for (const [fields, error] of cases) {
    assertRedirectError(await authorize(issuer, client_id, fields), error);
  }
});

Deno.test("state comes back unchanged, and not at all when none was sent (ASA-06)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  const state = 'a b+c&d=é"<>%20#';
  const page = await readPage(await authorize(issuer, client_id, { state }));
  assert.equal(redirected(await decide(issuer, page)).state, state);
  const stateless = await readPage(await authorize(issuer, client_id, { state: undefined }));
  assert.equal("state" in redirected(await decide(issuer, stateless)), false);
});

Deno.test("unknown scopes are left out and the answer says what was granted; none left is an error (ASA-07)", async () => {
  const issuer = await testIssuer();
  const { client_id } = await register(issuer);
  assertRedirectError(await authorize(issuer, client_id, { scope: "foo toString" }), "invalid_scope");
  const code = await codeFor(issuer, client_id, { asked: { scope: "foo orders:read" } });
  const tokens = await tokensOf(await redeem(issuer, client_id, code));
  assert.equal(tokens.scope, "orders:read");
  assert.equal(decodeJwt(tokens.access_token).scope, "orders:read");
});

Deno.test("a flood of sign-ins is told to wait and does no harm later", async () => {
  const clock = createClock();
  const issuer = await testIssuer({ now: clock.now });
  const { client_id } = await register(issuer);
  for (let count = 0; count < 600; count++) await (await authorize(issuer, "nobody")).body?.cancel();
  const response = await authorize(issuer, client_id);
  assert.equal(response.headers.get("retry-after"), "60");
  await assertErrorPage(response, /try again in/, 429);
  clock.pass(60);
  await readPage(await authorize(issuer, client_id));
});
