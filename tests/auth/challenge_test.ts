import assert from "node:assert/strict";
import { createChallenge } from "../../src/auth/challenge.ts";
import { parseChallenge } from "../challenge_parser.ts";

const METADATA = "https://notes.example/.well-known/oauth-protected-resource/mcp";
const challenge = createChallenge(METADATA);

Deno.test("a challenge for a missing token names the metadata and nothing that went wrong (AUTH-09)", () => {
  assert.deepEqual(parseChallenge(challenge()), { resource_metadata: METADATA });
});

Deno.test("a challenge leaves out an empty scope (AUTH-11)", () => {
  assert.deepEqual(parseChallenge(challenge({ scopes: [] })), { resource_metadata: METADATA });
});

Deno.test("a challenge carries every param that it is given, scopes in one string (AUTH-11, AUTH-13)", () => {
  const value = challenge({
    error: "insufficient_scope",
    error_description: "More is needed.",
    scopes: ["notes:read", "notes:write"],
  });
  assert.deepEqual(parseChallenge(value), {
    error: "insufficient_scope",
    error_description: "More is needed.",
    scope: "notes:read notes:write",
    resource_metadata: METADATA,
  });
});

for (
  const text of [
    'a "quoted" word',
    "a back\\slash",
    "a line\r\nSet-Cookie: x=1",
    "jalapeño 🍕",
    '", realm="evil',
    "\0\x7f",
    "",
  ]
) {
  Deno.test(`a challenge stays one challenge when a description is ${JSON.stringify(text)} (AUTH-15)`, () => {
    const params = parseChallenge(challenge({ error: "invalid_token", error_description: text }));
    assert.deepEqual(Object.keys(params), ["error", "error_description", "resource_metadata"]);
  });
}

for (
  const [mistake, value] of [
    ["a missing comma", 'Bearer error="invalid_token"error_description="x"'],
    ["a param without quotes", "Bearer error=invalid_token"],
    ["a param that comes twice", 'Bearer scope="a", scope="b"'],
    ["a comma at the end", 'Bearer scope="a", '],
    ["stray single quotes", "'Bearer scope=\"a\"'"],
    ["a line break", 'Bearer scope="a\nb"'],
    ["another scheme", 'Basic realm="x"'],
  ] as const
) {
  Deno.test(`the challenge parser of these tests refuses ${mistake} (AUTH-15, OAI-06)`, () => {
    assert.throws(() => parseChallenge(value));
  });
}
