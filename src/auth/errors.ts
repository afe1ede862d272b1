import { shown } from "../net/shown.ts";

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

  /**
   * @param description Safe to show to the caller: it names the cause and never quotes the token.
   * @param members Members of a token that tell an operator what to mend.
   */
  constructor(
    readonly fault: TokenFault,
    readonly description: string,
    private readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${fault}: ${description}`);
  }

  /** What was expected and what came, bounded, for the log only. */
  get details(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(this.members).map(([name, value]) => [name, shown(value)]));
  }
}

/** The caller's fault: credentials that cannot be read at all (400 `invalid_request`, RFC 6750 section 3.1). */
export class MalformedCredentials extends Error {
  override readonly name = "MalformedCredentials";

  constructor(readonly description: string) {
    super(description);
  }
}

/** Why nothing can be said about the tokens of an issuer. */
export type OutageCode =
  | "no_metadata"
  /** The metadata names another issuer; `issuer_slash` when only a slash at the end differs. */
  | "other_issuer"
  | "issuer_slash"
  | "no_keys"
  /** Metadata and keys together took too long. */
  | "timeout"
  /** The one key that a token names is not fit for its algorithm. */
  | "unusable_key"
  | "no_introspection"
  /** Our credentials were refused at the introspection endpoint. */
  | "introspection_refused"
  /** The metadata names no usable token endpoint. */
  | "no_token_endpoint"
  | "no_exchange"
  /** Our client was refused at the token endpoint, or may not exchange tokens. */
  | "exchange_refused";

/** The issuer gives no token for this caller and this target (RFC 8693 section 2.2.2). */
export class ExchangeRefused extends Error {
  override readonly name = "ExchangeRefused";

  /** @param code The `error` of the issuer's answer, such as `invalid_target`. */
  constructor(readonly code: string, message: string) {
    super(message);
  }
}

/** Our fault: no key or answer can be had from the authorization server, so nothing can be said about the token (503, AUTH-27). */
export class IssuerUnavailable extends Error {
  override readonly name = "IssuerUnavailable";

  /** What the metadata states as its issuer, when it is not the one that was asked for. */
  readonly statedIssuer: string | undefined;
  readonly retryAfterSeconds: number;

  /** @param message For the operator: which issuer, and what went wrong. */
  constructor(
    readonly code: OutageCode,
    message: string,
    { statedIssuer, retryAfterSeconds = 1, cause }: {
      readonly statedIssuer?: string | undefined;
      readonly retryAfterSeconds?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause });
    this.statedIssuer = statedIssuer;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
