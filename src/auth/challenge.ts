/** The auth-params of one challenge besides `resource_metadata`. */
export interface ChallengeParams {
  readonly error?: "invalid_request" | "invalid_token" | "insufficient_scope";
  readonly error_description?: string;
  /** Scopes this operation needs; left out of the challenge when empty (AUTH-11). */
  readonly scopes?: readonly string[];
}

/** Writes the value of a `WWW-Authenticate` header, or of one `mcp/www_authenticate` entry. */
export type Challenge = (params?: ChallengeParams) => string;

/**
 * Makes the challenge writer of one resource (RFC 6750 section 3, RFC 9728 section 5.1, AUTH-15).
 *
 * @param resourceMetadata Absolute URL of the protected resource metadata.
 */
export function createChallenge(resourceMetadata: string): Challenge {
  return ({ error, error_description, scopes = [] } = {}) => {
    const scope = scopes.length > 0 ? scopes.join(" ") : undefined;
    const params = { error, error_description, scope, resource_metadata: resourceMetadata };
    const written = Object.entries(params).flatMap(([name, value]) =>
      value === undefined ? [] : `${name}="${printable(value)}"`
    );
    return `Bearer ${written.join(", ")}`;
  };
}

/** RFC 6750 section 3 limits the values to printable ASCII without `"` and `\`. */
function printable(value: string): string {
  return value.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, "?");
}
