/** Error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7591 §3.2.2, RFC 8707 §2 and OpenID Connect. */
export type OAuthErrorCode =
  | "access_denied"
  | "insufficient_scope"
  | "invalid_client"
  | "invalid_client_metadata"
  | "invalid_grant"
  | "invalid_redirect_uri"
  | "invalid_request"
  | "invalid_scope"
  | "invalid_target"
  | "invalid_token"
  | "login_required"
  | "request_not_supported"
  | "request_uri_not_supported"
  | "temporarily_unavailable"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "unsupported_response_type";

/** How an {@linkcode OAuthError} differs from a plain 400. */
export interface OAuthErrorOptions {
  /** HTTP status; 400 when absent (AST-09). */
  status?: number;
  /** Extra headers, such as `www-authenticate` or `retry-after`. */
  headers?: Record<string, string>;
  /** What the person can do about it; without one, to connect again. */
  remedy?: string;
}

/** A refusal: `code` goes on the wire, `message` and `remedy` are the public `error_description`. */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly remedy: string | undefined;

  constructor(readonly code: OAuthErrorCode, message: string, options: OAuthErrorOptions = {}) {
    super(message);
    this.status = options.status ?? 400;
    this.headers = options.headers ?? {};
    this.remedy = options.remedy;
  }

  /** The `error_description`. */
  get description(): string {
    return this.remedy === undefined ? this.message : `${this.message} ${this.remedy}`;
  }

  /** The error document of RFC 6749 §5.2, never cached. */
  toResponse(): Response {
    return Response.json({ error: this.code, error_description: this.description }, {
      status: this.status,
      headers: { "cache-control": "no-store", ...this.headers },
    });
  }
}
