import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "@panva/jose";
import type { DatabaseSync } from "node:sqlite";
import type { Client } from "./client.ts";
import { OAuthError } from "../oauth_error.ts";
import { hashToken } from "../opaque_token.ts";

/** Algorithms of client assertions: asymmetric only, a shared secret would not be proof of a private key. */
export const ASSERTION_ALGORITHMS = ["ES256", "ES384", "RS256", "PS256", "EdDSA"];

const MAX_LIFETIME_SECONDS = 600;

/** Checks a `client_assertion` of a client. Throws `invalid_client`. */
export type VerifyClientAssertion = (assertion: string, client: Client) => Promise<void>;

/**
 * `private_key_jwt` (RFC 7523 §3): signed by the client's key, issued by and about the client, addressed to the issuer or
 * its token endpoint, at most ten minutes to live, and used once.
 */
export function createClientAssertionVerifier(options: {
  issuer: string;
  database: DatabaseSync;
  fetchKeys: (url: URL) => Promise<JSONWebKeySet>;
  now: () => number;
}): VerifyClientAssertion {
  const { issuer, database, fetchKeys, now } = options;
  const purge = database.prepare("DELETE FROM dev_assertions WHERE expires_at <= ?");
  const insert = database.prepare("INSERT OR IGNORE INTO dev_assertions (hash, expires_at) VALUES (?, ?)");

  function isFirstUse(clientId: string, jti: string, expiresAt: number): boolean {
    purge.run(now());
    return insert.run(hashToken(JSON.stringify([clientId, jti])), expiresAt).changes === 1;
  }

  return async function verifyClientAssertion(assertion, client) {
    if (client.keys === undefined) throw refused("has no keys to check the assertion with");
    const keys = client.keys instanceof URL ? await fetchKeys(client.keys) : client.keys;
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(assertion, createLocalJWKSet(keys), {
        algorithms: ASSERTION_ALGORITHMS,
        issuer: client.id,
        subject: client.id,
        audience: [issuer, `${issuer}/token`],
        requiredClaims: ["exp", "jti"],
        clockTolerance: 30,
        currentDate: new Date(now()),
      }));
    } catch {
      // Not of jose's errors only: a key that a client made up badly fails in Web Crypto.
      throw refused("sent an assertion that does not verify");
    }
    const { exp, jti } = payload;
    if (exp === undefined || exp > now() / 1000 + MAX_LIFETIME_SECONDS) {
      throw refused("sent an assertion that lives for more than ten minutes");
    }
    if (typeof jti !== "string" || !isFirstUse(client.id, jti, (exp + 30) * 1000)) {
      throw refused("sent an assertion for the second time");
    }
  };
}

function refused(what: string): OAuthError {
  return new OAuthError("invalid_client", `The client ${what}.`, { status: 401 });
}
