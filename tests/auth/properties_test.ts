import fc from "fast-check";
import assert from "node:assert/strict";
import { readBearer } from "../../src/auth/bearer.ts";
import { createChallenge } from "../../src/auth/challenge.ts";
import { cacheVerified } from "../../src/auth/token_cache.ts";
import { parseChallenge } from "../challenge_parser.ts";
import { NOW } from "../support.ts";

const METADATA = "https://notes.example/.well-known/oauth-protected-resource/mcp";
/** Any text at all, most of it with what a quoted string cannot hold. */
const TEXT = fc.string({ unit: "binary", maxLength: 60 });

Deno.test("a challenge can be read by the grammar of RFC 9110, whatever it is made of (AUTH-15)", () => {
  const challenge = createChallenge(METADATA);
  fc.assert(fc.property(TEXT, fc.array(TEXT, { maxLength: 4 }), (error_description, scopes) => {
    const read = parseChallenge(challenge({ error: "invalid_token", error_description, scopes }));
    assert.equal(read["error"], "invalid_token");
    assert.equal(read["resource_metadata"], METADATA);
    assert.equal(read["scope"] === undefined, scopes.length === 0);
    if (/^[\x20-\x7e]*$/.test(error_description)) {
      assert.equal(read["error_description"], error_description.replaceAll(/["\\]/g, "'"));
    }
  }));
});

Deno.test("a bearer token is read as it was sent, and no header makes one with other characters (AUTH-16, AUTH-17)", () => {
  const token68 = fc.stringMatching(/^[A-Za-z0-9._~+/-]{1,80}={0,2}$/);
  const scheme = fc.constantFrom("Bearer", "bearer", "BEARER");
  fc.assert(fc.property(scheme, fc.constantFrom(" ", "  ", " \t"), token68, (scheme, space, token) => {
    assert.deepEqual(readBearer(new Headers({ authorization: `${scheme}${space}${token}` })), {
      kind: "bearer",
      token,
    });
  }));
  const values = fc.string({ unit: "grapheme-ascii", maxLength: 80 });
  fc.assert(
    fc.property(fc.constantFrom("Bearer ", "Bearer a, Bearer ", "Basic ", ""), values, (start, rest) => {
      const read = readBearer(new Headers({ authorization: start + rest }));
      if (read.kind === "bearer") assert.match(read.token, /^[A-Za-z0-9._~+/-]+=*$/);
    }),
  );
});

Deno.test("a remembered token is never answered at or past its exp, however it is asked for", async () => {
  const token = fc.record({ id: fc.nat(5), wait: fc.nat(90_000) });
  await fc.assert(
    fc.asyncProperty(fc.nat(120), fc.array(token, { maxLength: 20 }), async (lifetime, asked) => {
      let now = NOW;
      const expiresAt = NOW / 1000 + lifetime;
      const refused = new Error("expired");
      const verify = cacheVerified((token) => {
        const principal = {
          issuer: "i",
          subject: token,
          scopes: new Set<string>(),
          clientId: undefined,
          claims: {},
        };
        return now < expiresAt * 1000
          ? Promise.resolve({ ...principal, expiresAt })
          : Promise.reject(refused);
      }, () => now);
      for (const { id, wait } of asked) {
        now += wait;
        const outcome = await Promise.try(() => verify(`token ${id}`)).catch((error) => error);
        if (now >= expiresAt * 1000) assert.equal(outcome, refused);
        else assert.equal(outcome.subject, `token ${id}`);
      }
    }),
  );
});
