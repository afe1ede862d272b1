import assert from "node:assert/strict";
import { followChallenge } from "../challenge_parser.ts";
import { logged } from "../log_records.ts";
import { ask, createTestServer, ERAS, rpc, TestIssuer, toolCall } from "../support.ts";
import { badTokens, CANARY } from "./bad_tokens.ts";

const { server, issuer } = await createTestServer();
const tokens = await badTokens(issuer);

Deno.test("the table of bad tokens holds at least 40 different ones", () => {
  assert.ok(new Set(Object.values(tokens)).size >= 40);
});

/** What a fault breaks besides, told by its name. */
const BROKEN: readonly (readonly [fault: RegExp, ids: string])[] = [
  [/^typed as|a type that/, ", AUTH-02"],
  [/^of .*issuer/, ", AUTH-01, AUTH-03"],
  [/^for /, ", AUTH-01, AUTH-04, OAI-04"],
  [/^that |^without an end/, ", AUTH-01, AUTH-06"],
  [/^bound to/, ", AUTH-28"],
  [/sign|HMAC|\balg|key id/, ", AUTH-01, AUTH-05"],
];

for (const [fault, token] of Object.entries(tokens)) {
  const broken = BROKEN.find(([pattern]) => pattern.test(fault))?.[1] ?? "";
  Deno.test(`a token ${fault} is 401 invalid_token, in both eras and on open calls too (AUTH-07, AUTH-20, C3${broken})`, async () => {
    const records = await logged(async () => {
      for (const era of ERAS) {
        const requests = [
          toolCall(era, "search_notes", {}, { token }),
          toolCall(era, "list_notes", {}, { token }),
          rpc(era, "tools/list", {}, { token }),
          rpc(era, era === "legacy" ? "initialize" : "server/discover", {}, { token }),
        ];
        for (const request of requests) {
          const { status, headers, text } = await ask(server, request);
          assert.equal(status, 401, text);
          assert.equal(headers.get("cache-control"), "no-store");
          const challenge = await followChallenge(server, headers.get("www-authenticate"));
          assert.equal(challenge["error"], "invalid_token");
          assert.ok(challenge["error_description"]);
          assertSilent(token, text, headers.get("www-authenticate"));
        }
      }
    });
    assert.ok(records.length > 0, "nothing was logged, so nothing was looked at");
    assertSilent(token, JSON.stringify(records.map(({ message, properties }) => [message, properties])));
  });
}

Deno.test("a refusal keeps nothing: the same server takes a good token right after (AUTH-21)", async () => {
  const token = await issuer.token();
  for (const era of ERAS) {
    assert.equal((await ask(server, toolCall(era, "list_notes", {}, { token }))).status, 200);
  }
});

Deno.test("nothing is fetched for a token of an issuer that is not configured (AUTH-03)", async () => {
  const fresh = await createTestServer();
  const stranger = await TestIssuer.create("https://stranger.test");
  const token = await stranger.token();
  assert.equal((await ask(fresh.server, rpc("legacy", "tools/list", {}, { token }))).status, 401);
  assert.deepEqual([...fresh.issuer.requests, ...stranger.requests], []);
});

Deno.test("nothing is fetched for a token that no accepted algorithm signs: none, and HMAC (AUTH-05)", async () => {
  const { server, issuer } = await createTestServer();
  for (const alg of ["none", "HS256", "HS384", "HS512"]) {
    const [, claims, signature] = (await issuer.token()).split(".");
    const header = btoa(JSON.stringify({ alg, typ: "at+jwt", kid: issuer.keyId })).replace(/=+$/, "");
    const token = [header, claims, signature].join(".");
    const { status, headers } = await ask(server, rpc("legacy", "tools/list", {}, { token }));
    assert.equal(status, 401);
    assert.match(headers.get("www-authenticate") ?? "", /asymmetric algorithm/);
  }
  assert.deepEqual(issuer.requests, []);
});

/** A token may not come back, whole, in parts, or by its content. */
function assertSilent(token: string, ...texts: (string | null)[]): void {
  const parts = token.split(".").filter((part) => part.length > 8);
  for (const text of texts) {
    for (const secret of [CANARY, ...parts]) assert.ok(!text?.includes(secret), `${secret} leaked`);
  }
}
