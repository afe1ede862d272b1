import { IssuerUnavailable } from "./errors.ts";
import { byForm, createIntrospect } from "./introspect.ts";
import { type ClaimsOptions, SCOPE_CLAIMS } from "./principal.ts";
import { cacheVerified, rememberRefused } from "./token_cache.ts";
import { createKeys, createVerify, type Verify } from "./verify.ts";

/** How tokens are verified, and whether they can be right now. */
export interface Verification {
  readonly verify: Verify;
  /**
   * Resolves when tokens of any issuer can be verified, with a note on the issuers that do not answer.
   *
   * @throws Error when no issuer's keys are at hand.
   */
  ready(): Promise<string | undefined>;
}

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
      readonly introspection:
        | { readonly url: string; readonly clientId: string; readonly clientSecret: string }
        | undefined;
      readonly fetch: typeof globalThis.fetch;
      readonly now: () => number;
      readonly hint: (outage: IssuerUnavailable) => string;
    },
): Verification {
  const claims = { audiences, scopeClaims, scopePrefix };
  const keys = createKeys(issuers, { fetch, now });
  const [issuer] = issuers as [string];
  const opaque = introspection &&
    rememberRefused(createIntrospect({ ...introspection, ...claims, issuer, fetch, now }), now);
  const verify = byForm(createVerify({ ...claims, keys, now }), opaque);
  const explained = (outage: IssuerUnavailable) => `${outage.message} ${hint(outage)}`.trimEnd();

  return {
    verify: cacheVerified(async (token, budget) => {
      try {
        return await verify(token, budget);
      } catch (error) {
        if (!(error instanceof IssuerUnavailable)) throw error;
        throw new IssuerUnavailable(error.code, explained(error), error);
      }
    }, now),
    async ready() {
      const sources = [...keys.values()];
      const outcomes = await Promise.allSettled(sources.map((source) => source.ready()));
      const failures = sources.flatMap((source) => source.failure() ?? []);
      const note = failures.map(explained).join(" ");
      if (outcomes.every(({ status }) => status === "rejected")) throw new Error(note);
      return note || undefined;
    },
  };
}
