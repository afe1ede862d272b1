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
