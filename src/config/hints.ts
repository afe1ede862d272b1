const CHECK_CLOCKS = "If new tokens are refused too, set the clock of this machine or of the issuer.";
const CHECK_KEYS = "Check that the keys at the issuer's jwks_uri are those it signs with.";
const CHECK_ISSUER = "Check AUTHORIZATION_SERVER_URL and that the server runs.";

/** By the code of an outage. */
const OUTAGE_HINTS: Readonly<Record<string, string>> = {
  no_metadata: CHECK_ISSUER,
  timeout: CHECK_ISSUER,
  other_issuer: "Set AUTHORIZATION_SERVER_URL to the issuer exactly as the server states it.",
  introspection_refused: "Check INTROSPECTION_CLIENT_ID and INTROSPECTION_CLIENT_SECRET.",
  no_token_endpoint: "Set TOKEN_EXCHANGE_URL to the endpoint that exchanges tokens.",
  exchange_refused:
    "Check TOKEN_EXCHANGE_CLIENT_ID and TOKEN_EXCHANGE_CLIENT_SECRET, and that this client may exchange tokens.",
};

/** By the fault of a refusal. */
const REFUSAL_HINTS: Readonly<Record<string, string>> = {
  audience:
    "Let the client ask for a token of the expected audience, or add what came to JWT_AUDIENCES if it means this server.",
  issuer: "Set AUTHORIZATION_SERVER_URL to what came, byte for byte, if its tokens are to be trusted.",
  expired: CHECK_CLOCKS,
  not_yet_valid: CHECK_CLOCKS,
  unknown_key: CHECK_KEYS,
  signature: CHECK_KEYS,
  format:
    "One part is an opaque token: set INTROSPECTION_URL. Five are an encrypted one: have the issuer sign a JWT instead, at Auth0 by setting an audience.",
  claims: "Have the issuer put the claim into its access tokens.",
  binding: "Have the issuer send plain bearer tokens, without DPoP or a client certificate.",
  inactive:
    "The issuer calls the token expired, revoked or unknown; if it is new, check INTROSPECTION_URL and its client.",
  insufficient_scope:
    "Grant the scope at the issuer; if it did, SCOPE_CLAIMS must name the claim that holds it.",
  too_many_calls: "RATE_LIMIT_PER_MINUTE sets the limit.",
};

/** Says what an operator can do about an authorization server that cannot be used, in the names of our variables. */
export function outageHint(
  { code, statedIssuer }: { readonly code: string; readonly statedIssuer: string | undefined },
): string {
  if (code === "issuer_slash") return `Set AUTHORIZATION_SERVER_URL=${statedIssuer}`;
  return OUTAGE_HINTS[code] ?? "";
}

/** Says what an operator can do about calls that are refused, in the names of our variables. */
export function refusalHint(fault: string, { foundIn }: { readonly foundIn?: unknown } = {}): string {
  if (foundIn !== undefined) return `The token has it in another claim: add ${foundIn} to SCOPE_CLAIMS.`;
  return REFUSAL_HINTS[fault] ?? "";
}
