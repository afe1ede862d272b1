import { InvalidToken, IssuerUnavailable } from "./errors.ts";
import { createIntrospect, type IntrospectionOptions } from "./introspect.ts";
import { type ClaimsOptions, SCOPE_CLAIMS } from "./principal.ts";
import { cacheVerified, rememberRefused } from "./token_cache.ts";
import { CLOCK_TOLERANCE_SECONDS, createKeys, createVerify } from "./verify.ts";

/** An opaque token that no issuer has given out. */
const NO_TOKEN = "is-introspection-configured";

/**
 * Puts together what verifies tokens of every form, and remembers those that are good.
 *
 * @param issuers At least one; the first is asked about opaque tokens.
 * @param introspection Where and as whom, if such tokens are accepted.
 * @param hint Says what the operator can do about an outage; it is appended to the error's message.
 * @param now Milliseconds since the epoch.
 */
export function createVerification(
  { issuers, audiences, scopeClaims = SCOPE_CLAIMS, scopePrefix, introspection, fetch, now, hint }:
    & ClaimsOptions
    & {
      readonly issuers: readonly string[];
      readonly introspection: Pick<IntrospectionOptions, "url" | "clientId" | "clientSecret"> | undefined;
      readonly fetch: typeof globalThis.fetch;
      readonly now: () => number;
      readonly hint: (outage: IssuerUnavailable) => string;
    },
) {
  const claims = { audiences, scopeClaims, scopePrefix };
  let clockAheadSeconds: number | undefined;
  /** RFC 9110 section 6.6.1: `Date` shows the issuer's clock, and `Age` for how long a cache has kept the answer. */
  const askIssuer: typeof globalThis.fetch = async (...asked) => {
    const response = await fetch(...asked);
    const { headers } = response;
    const date = Date.parse(headers.get("date") ?? "") + 1_000 * Number(headers.get("age"));
    if (!Number.isNaN(date)) clockAheadSeconds = Math.round((now() - date) / 1_000);
    return response;
  };
  const keys = createKeys(issuers, { fetch: askIssuer, now });
  const [issuer] = issuers as [string];
  const introspect = introspection &&
    createIntrospect({ ...introspection, ...claims, issuer, fetch: askIssuer, now });
  const opaque = introspect && rememberRefused(introspect, now);
  const verifyJwt = createVerify({ ...claims, keys, now });
  const explained = (outage: IssuerUnavailable) => `${outage.message} ${hint(outage)}`.trimEnd();

  /**
   * Resolves when tokens of any issuer can be verified, with a note on the issuers that do not answer.
   *
   * @throws Error when no issuer's keys are at hand.
   */
  async function ready(): Promise<string | undefined> {
    const sources = [...keys.values()];
    const outcomes = await Promise.allSettled(sources.map((source) => source.ready()));
    const failures = sources.flatMap((source) => source.failure() ?? []);
    const note = failures.map(explained).join(" ");
    if (outcomes.every(({ status }) => status === "rejected")) throw new Error(note);
    return note || undefined;
  }

  return {
    verify: cacheVerified(async (token, budget) => {
      try {
        // Three parts make a JWT, all else is opaque.
        return await (opaque && token.split(".").length !== 3 ? opaque : verifyJwt)(token, budget);
      } catch (error) {
        if (error instanceof InvalidToken && ["expired", "not_yet_valid"].includes(error.fault)) {
          const clock = clockAheadSeconds === undefined ? {} : { clockAheadSeconds };
          throw new InvalidToken(error.fault, error.description, { ...error.details, ...clock });
        }
        if (!(error instanceof IssuerUnavailable)) throw error;
        throw new IssuerUnavailable(error.code, explained(error), error);
      }
    }, now),
    ready,
    /**
     * Asks every issuer, and the introspection endpoint about a token that does not exist. Resolves to what would keep
     * good tokens from being verified, in sentences for the operator, or to nothing.
     */
    async check(): Promise<string | undefined> {
      const failed = await Promise.allSettled([ready(), introspect?.(NO_TOKEN)]);
      const problems = failed.map((outcome) => {
        if (outcome.status === "fulfilled") return typeof outcome.value === "string" ? outcome.value : "";
        const { reason } = outcome;
        if (reason instanceof InvalidToken) return "";
        return reason instanceof IssuerUnavailable ? explained(reason) : reason.message;
      });
      const ahead = clockAheadSeconds ?? 0;
      if (Math.abs(ahead) > CLOCK_TOLERANCE_SECONDS) {
        const where = ahead > 0 ? "ahead of" : "behind";
        problems.push(`The clock here is ${Math.abs(ahead)} seconds ${where} the issuer's: set it.`);
      }
      return problems.filter(Boolean).join(" ") || undefined;
    },
  };
}
