import { describeOutcome, fetchJson } from "../net/fetch_json.ts";
import { basicCredentials } from "./basic_credentials.ts";
import { InvalidToken, IssuerUnavailable } from "./errors.ts";
import { type ClaimsOptions, principalOf, unusable } from "./principal.ts";
import { CLOCK_TOLERANCE_SECONDS, untimely, untrustedIssuer, type Verify } from "./verify.ts";

/** Where and as whom to ask about tokens (RFC 7662 section 2.1). An answer without `aud` is refused. */
export interface IntrospectionOptions extends ClaimsOptions {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The issuer whose tokens these are. */
  readonly issuer: string;
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Makes the verification of opaque tokens, by asking their issuer. An answer must carry `sub`, `exp` and `aud`, and
 * is judged like a JWT: time, issuer, audience, binding.
 */
export function createIntrospect(options: IntrospectionOptions): Verify {
  const { url, issuer, fetch, now } = options;
  const headers = { accept: "application/json", authorization: basicCredentials(options) };

  return async function introspect(token) {
    const body = new URLSearchParams({ token, token_type_hint: "access_token" });
    const outcome = await fetchJson(url, fetch, { method: "POST", headers, body });
    if (outcome.kind !== "json") {
      const refused = outcome.kind === "status" && outcome.status === 401;
      throw new IssuerUnavailable(
        refused ? "introspection_refused" : "no_introspection",
        `${url} answered ${describeOutcome(outcome)} to an introspection.`,
      );
    }
    const answer = outcome.value;
    // RFC 7662 section 2.2: the issuer does not say why a token is inactive.
    if (answer["active"] !== true) {
      throw new InvalidToken("inactive", "The token is expired, revoked or unknown.");
    }
    const { exp, nbf, iss } = answer;
    const seconds = now() / 1000;
    if (typeof exp !== "number") throw unusable("exp");
    if (exp <= seconds - CLOCK_TOLERANCE_SECONDS) throw untimely("expired", answer, seconds);
    if (typeof nbf === "number" && nbf > seconds + CLOCK_TOLERANCE_SECONDS) {
      throw untimely("not_yet_valid", answer, seconds);
    }
    if (iss !== undefined && iss !== issuer) {
      throw untrustedIssuer([issuer], iss);
    }
    return principalOf(issuer, answer, options);
  };
}
