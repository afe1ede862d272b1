/** Why a token was refused, for logs and tests; it never reaches the caller. */
export type TokenFault =
  | "format"
  | "type"
  | "algorithm"
  | "issuer"
  | "unknown_key"
  | "signature"
  | "expired"
  | "not_yet_valid"
  | "claims"
  | "audience"
  | "binding"
  | "inactive";

/** The caller's fault: the token is expired, forged, malformed or meant for someone else (401, RFC 6750 section 3.1). */
export class InvalidToken extends Error {
  override readonly name = "InvalidToken";

  /** @param description Safe to show to the caller: it names the cause and never quotes the token. */
  constructor(readonly fault: TokenFault, readonly description: string) {
    super(`${fault}: ${description}`);
  }
}

/** The caller's fault: credentials that cannot be read at all (400 `invalid_request`, RFC 6750 section 3.1). */
export class MalformedCredentials extends Error {
  override readonly name = "MalformedCredentials";

  constructor(readonly description: string) {
    super(description);
  }
}

/** Our fault: no key or answer can be had from the authorization server, so nothing can be said about the token (503, AUTH-27). */
export class IssuerUnavailable extends Error {
  override readonly name = "IssuerUnavailable";

  /** @param message For the operator: which issuer, what went wrong, what to do. */
  constructor(message: string, readonly retryAfterSeconds: number, cause?: unknown) {
    super(message, { cause });
  }
}
