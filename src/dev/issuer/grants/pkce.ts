import { createHash } from "node:crypto";
import { OAuthError } from "../oauth_error.ts";
import type { Parameters } from "../endpoints/form.ts";
import { sameSecret } from "../opaque_token.ts";

/** The only transformation we take: `plain` would hand the verifier to whoever sees the request (RFC 9700 §2.1.1). */
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
