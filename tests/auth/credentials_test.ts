import assert from "node:assert/strict";
import { followChallenge } from "../challenge_parser.ts";
import { ask, createTestServer, ERAS, NOW, RESOURCE, rpc, toolCall } from "../support.ts";

const { server, issuer } = await createTestServer();
const token = await issuer.token();
const SECONDS = NOW / 1000;

/** What an Authorization header may say, and what a protected call answers to it. */
const HEADERS: Record<string, [value: string, status: number, error: string | undefined]> = {
  "bearer in small letters": [`bearer ${token}`, 200, undefined],
  "BEARER in capitals": [`BEARER ${token}`, 200, undefined],
  "several spaces after the scheme": [`Bearer    ${token}`, 200, undefined],
  "the scheme alone": ["Bearer", 400, "invalid_request"],
  "the scheme and a space": ["Bearer ", 400, "invalid_request"],
  "two words": [`Bearer ${token} ${token}`, 400, "invalid_request"],
  "two credentials joined by a comma": [`Bearer ${token}, Bearer ${token}`, 400, "invalid_request"],
  "a second credential behind another scheme": [`Basic eDp5, Bearer ${token}`, 400, "invalid_request"],
  "a token in quotes": [`Bearer "${token}"`, 400, "invalid_request"],
  "a token with a letter outside of token68": [`Bearer ${token}é`, 400, "invalid_request"],
  "a token of 20,000 letters": [`Bearer ${"a".repeat(20_000)}`, 400, "invalid_request"],
  "a DPoP credential (DPOP-02)": [`DPoP ${token}`, 401, undefined],
  "a Basic credential": [`Basic ${btoa("ada:secret")}`, 401, undefined],
  "the token without a scheme": [token, 401, undefined],
  "another scheme that begins like Bearer": [`BearerX ${token}`, 401, undefined],
};

for (const [what, [authorization, status, error]] of Object.entries(HEADERS)) {
  Deno.test(`Authorization with ${what} is answered with ${status} (AUTH-17)`, async () => {
    for (const era of ERAS) {
      const answer = await ask(server, toolCall(era, "list_notes", {}, { headers: { authorization } }));
      assert.equal(answer.status, status, answer.text);
      if (status === 200) continue;
      const challenge = await followChallenge(server, answer.headers.get("www-authenticate"));
      assert.equal(challenge["error"], error);
      assert.ok(!answer.text.includes(token.slice(0, 30)));
    }
  });
}

Deno.test("malformed credentials are 400 on open calls too, never anonymous (AUTH-20)", async () => {
  for (const era of ERAS) {
    const options = { headers: { authorization: "Bearer" } };
    assert.equal((await ask(server, toolCall(era, "search_notes", {}, options))).status, 400);
    assert.equal((await ask(server, rpc(era, "tools/list", {}, options))).status, 400);
  }
});

Deno.test("a token anywhere but in the header counts as none (AUTH-16)", async () => {
  for (const era of ERAS) {
    const elsewhere = [
      inQuery(toolCall(era, "list_notes")),
      toolCall(era, "list_notes", {}, { headers: { cookie: `access_token=${token}` } }),
      toolCall(era, "list_notes", {}, {
        meta: { authorization: `Bearer ${token}`, access_token: token },
      }),
      toolCall(era, "list_notes", { access_token: token }),
    ];
    for (const request of elsewhere) assert.equal((await ask(server, request)).status, 401);
  }
});

Deno.test("a signed-in call leaves nothing behind for the next caller, session id or not (AUTH-21, AUTH-26)", async () => {
  for (const era of ERAS) {
    const headers = { "mcp-session-id": "the-same-for-both" };
    assert.equal((await ask(server, toolCall(era, "list_notes", {}, { token, headers }))).status, 200);
    assert.equal((await ask(server, toolCall(era, "list_notes", {}, { headers }))).status, 401);
  }
});

Deno.test("host hints, client names and argument-like identities grant nothing (AUTH-25, AUTH-32)", async () => {
  const meta = { "openai/subject": "ada", "openai/session": "s", sub: "ada", user: { id: "ada" } };
  const headers = { "user-agent": "openai-mcp/1.0", "x-user": "ada", "x-forwarded-user": "ada" };
  for (const era of ERAS) {
    const { body } = await ask(server, toolCall(era, "list_notes", {}, { meta, headers }));
    assert.equal(body.result?.isError, true);
    assert.equal(body.result?.structuredContent, undefined);
  }
});

/** What a token that is wrong in two ways is refused for: the first in the order of verification. */
const ORDER: Record<string, [claims: Record<string, unknown>, status: number, says: RegExp]> = {
  "expired and without scope": [{ exp: SECONDS - 60, scope: "" }, 401, /expired/],
  "expired and for another resource": [{ exp: SECONDS - 60, aud: "https://a.test" }, 401, /expired/],
  "for another resource and bound": [{ aud: "https://a.test", cnf: { jkt: "x" } }, 401, /another resource/],
  "for another resource and without scope": [{ aud: "https://a.test", scope: "" }, 401, /another resource/],
  "bound and without scope": [{ cnf: { jkt: "x" }, scope: "" }, 401, /bound/],
  "without scope only": [{ scope: "" }, 403, /permission/],
};

for (const [what, [claims, status, says]] of Object.entries(ORDER)) {
  Deno.test(`a token ${what} is ${status}, and says ${says.source} (AUTH-19)`, async () => {
    const options = { token: await issuer.token(claims) };
    for (const era of ERAS) {
      const answer = await ask(server, toolCall(era, "list_notes", {}, options));
      assert.equal(answer.status, status);
      const challenge = await followChallenge(server, answer.headers.get("www-authenticate"));
      assert.match(challenge["error_description"] ?? "", says);
    }
  });
}

function inQuery(request: Request): Request {
  return new Request(`${RESOURCE}?access_token=${token}`, request);
}
