import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Parameters } from "../endpoints/body.ts";
import { OAuthError } from "../oauth_error.ts";
import { hashToken, opaqueToken, sameSecret } from "../opaque_token.ts";

/** A checked authorization request that waits for the person's decision. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly scopes: readonly string[];
  readonly state?: string;
  readonly nonce?: string;
}

/** OpenID Connect scopes, with the words that the consent page shows for them. */
export const OPENID_SCOPES: Readonly<Record<string, string>> = {
  openid: "Know that it is you",
  profile: "See your name",
  email: "See your email address",
  offline_access: "Stay connected while you are away",
};

/**
 * The scopes to grant, in the order of the request. A request without scopes gets all scopes of the resource; unknown
 * ones are left out. Throws `invalid_scope` when none is left (RFC 6749 §3.3, ASA-07).
 */
export function grantableScopes(
  requested: string | undefined,
  scopes: Readonly<Record<string, string>>,
): string[] {
  if (requested === undefined) return Object.keys(scopes);
  const known = scopeList(requested).filter((scope) =>
    Object.hasOwn(scopes, scope) || Object.hasOwn(OPENID_SCOPES, scope)
  );
  if (known.length === 0) throw new OAuthError("invalid_scope", "None of the requested scopes exists here.");
  return known;
}

/** The scopes of a `scope` parameter, each once. */
export function scopeList(scope: string): string[] {
  return [...new Set(scope.split(" "))];
}

/**
 * Checks every `resource` parameter (RFC 8707 §2, ASA-04). None at all stands for the one resource of this issuer
 * (ASA-05), so `aud` never depends on it. Throws `invalid_target` for anything else.
 */
export function checkResource(values: URLSearchParams, resource: string): void {
  const expected = new URL(resource).href;
  for (const value of values.getAll("resource")) {
    // Clients built on the URL class add a slash to a bare origin; every other difference counts.
    if (URL.parse(value)?.href !== expected) {
      throw new OAuthError("invalid_target", "The resource is not one this server issues tokens for.");
    }
  }
}

/** The only supported method: `plain` would give the verifier to whoever sees the request (RFC 9700 §2.1.1). */
export const CODE_CHALLENGE_METHODS = ["S256"] as const;

/** The S256 challenge of an authorization request. Throws `invalid_request` when PKCE is absent or `plain` (ASA-03). */
export function codeChallenge(parameter: Parameters): string {
  const challenge = parameter("code_challenge");
  if (challenge === undefined) {
    throw new OAuthError("invalid_request", "PKCE is required: send code_challenge.");
  }
  if (parameter("code_challenge_method") !== "S256") {
    throw new OAuthError("invalid_request", "Send code_challenge_method=S256; no other method is accepted.");
  }
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    throw new OAuthError("invalid_request", "code_challenge is not the base64url of a SHA-256 digest.");
  }
  return challenge;
}

/** Checks `code_verifier` against the challenge of the code (RFC 7636 §4.6, AST-02). */
export function checkCodeVerifier(verifier: string | undefined, challenge: string): void {
  if (verifier === undefined || !/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) {
    throw new OAuthError("invalid_request", "Send the code_verifier: 43 to 128 unreserved characters.");
  }
  if (!sameSecret(createHash("sha256").update(verifier).digest("base64url"), challenge)) {
    throw new OAuthError("invalid_grant", "The code_verifier does not belong to this code.");
  }
}

const LIFETIME_MS = 10 * 60_000;
const MAX_REQUESTS = 6_000;

/** What a decision must present: the form's two hidden fields and the cookie of the same browser (ASA-09). */
export interface RequestTicket {
  readonly id: string;
  readonly csrf: string;
  readonly browser: string;
}

/** Authorization requests between the consent page and its answer; each is answered once, within ten minutes. */
export interface RequestStore {
  /** Stores a request of the browser with this cookie value; when the store is full, the oldest one is deleted. */
  add(request: AuthorizationRequest, browser: string): RequestTicket;
  /** The request of a ticket; `undefined` when it is unknown, expired, answered, or of another browser. */
  find(ticket: RequestTicket): AuthorizationRequest | undefined;
  /** Deletes a request, so that it cannot be answered any more. */
  remove(id: string): void;
}

/** Keeps requests in `dev_requests`. */
export function createRequestStore(database: DatabaseSync, now: () => number): RequestStore {
  const deleteExpired = database.prepare("DELETE FROM dev_requests WHERE expires_at <= ?");
  const deleteSurplus = database.prepare(
    `DELETE FROM dev_requests WHERE rowid <=
     (SELECT rowid FROM dev_requests ORDER BY expires_at DESC, rowid DESC LIMIT 1 OFFSET ${
      MAX_REQUESTS - 1
    })`,
  );
  const insert = database.prepare(
    "INSERT INTO dev_requests (id, browser_hash, csrf_hash, request, expires_at) VALUES (?, ?, ?, ?, ?)",
  );
  const select = database.prepare(
    "SELECT browser_hash, csrf_hash, request FROM dev_requests WHERE id = ? AND expires_at > ?",
  );
  const deleteById = database.prepare("DELETE FROM dev_requests WHERE id = ?");

  return {
    add(request, browser) {
      const ticket = { id: opaqueToken(), csrf: opaqueToken(), browser };
      deleteExpired.run(now());
      deleteSurplus.run();
      insert.run(
        ticket.id,
        hashToken(browser),
        hashToken(ticket.csrf),
        JSON.stringify(request),
        now() + LIFETIME_MS,
      );
      return ticket;
    },
    find(ticket) {
      const row = select.get(ticket.id, now());
      if (row === undefined) return undefined;
      if (!sameSecret(String(row.browser_hash), hashToken(ticket.browser))) return undefined;
      if (!sameSecret(String(row.csrf_hash), hashToken(ticket.csrf))) return undefined;
      return JSON.parse(String(row.request)) as AuthorizationRequest;
    },
    remove(id) {
      deleteById.run(id);
    },
  };
}
