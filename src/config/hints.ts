/** Says what an operator can do about an authorization server that cannot be used, in the names of our variables. */
export function outageHint(
  { code, statedIssuer }: { readonly code: string; readonly statedIssuer: string | undefined },
): string {
  switch (code) {
    case "no_metadata":
    case "timeout":
      return "Check AUTHORIZATION_SERVER_URL and that the server runs.";
    case "issuer_slash":
      return `Set AUTHORIZATION_SERVER_URL=${statedIssuer}`;
    case "other_issuer":
      return "Set AUTHORIZATION_SERVER_URL to the issuer exactly as the server states it.";
    case "introspection_refused":
      return "Check INTROSPECTION_CLIENT_ID and INTROSPECTION_CLIENT_SECRET.";
    case "no_token_endpoint":
      return "Set TOKEN_EXCHANGE_URL to the endpoint that exchanges tokens.";
    case "exchange_refused":
      return "Check TOKEN_EXCHANGE_CLIENT_ID and TOKEN_EXCHANGE_CLIENT_SECRET, and that this client may exchange tokens.";
    default:
      return "";
  }
}

/** Says what an operator can do about calls that are refused, in the names of our variables. */
export function refusalHint(fault: string, { foundIn }: { readonly foundIn?: unknown } = {}): string {
  switch (fault) {
    case "audience":
      return "Let the client ask for a token of the expected audience, or add what came to JWT_AUDIENCES if it means this server.";
    case "issuer":
      return "Set AUTHORIZATION_SERVER_URL to what came, byte for byte, if its tokens are to be trusted.";
    case "expired":
    case "not_yet_valid":
      return "If new tokens are refused too, set the clock of this machine or of the issuer.";
    case "unknown_key":
    case "signature":
      return "Check that the keys at the issuer's jwks_uri are those it signs with.";
    case "format":
      return "One part is an opaque token: set INTROSPECTION_URL. Five are an encrypted one: have the issuer sign a JWT instead, at Auth0 by setting an audience.";
    case "claims":
      return "Have the issuer put the claim into its access tokens.";
    case "binding":
      return "Have the issuer send plain bearer tokens, without DPoP or a client certificate.";
    case "inactive":
      return "The issuer calls the token expired, revoked or unknown; if it is new, check INTROSPECTION_URL and its client.";
    case "insufficient_scope":
      return foundIn === undefined
        ? "Grant the scope at the issuer; if it did, SCOPE_CLAIMS must name the claim that holds it."
        : `The token has it in another claim: add ${foundIn} to SCOPE_CLAIMS.`;
    case "too_many_calls":
      return "RATE_LIMIT_PER_MINUTE sets the limit.";
    default:
      return "";
  }
}
