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
  const metadata = `resource_metadata="${printable(resourceMetadata)}"`;
  return ({ error, error_description, scopes = [] } = {}) => {
    let params = "";
    if (error !== undefined) params += `error="${error}", `;
    if (error_description !== undefined) params += `error_description="${printable(error_description)}", `;
    if (scopes.length > 0) params += `scope="${printable(scopes.join(" "))}", `;
    return `Bearer ${params}${metadata}`;
  };
}

/** RFC 6750 section 3 limits the values to printable ASCII without `"` and `\`. */
function printable(value: string): string {
  if (/^[ !#-[\]-~]*$/.test(value)) return value;
  return value.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, "?");
}
