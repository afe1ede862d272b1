import { byForm, createIntrospect } from "./introspect.ts";
import { createKeys, createVerify, type Verify } from "./verify.ts";

/** How tokens are verified, and whether they can be right now. */
export interface Verification {
  readonly verify: Verify;
  /** Resolves when the keys of every issuer are at hand. @throws IssuerUnavailable otherwise. */
  ready(): Promise<void>;
}

/**
 * Puts together what verifies tokens of every form.
 *
 * @param issuers At least one; the first is asked about tokens that are no JWTs.
 * @param introspection Where and as whom, if such tokens are accepted.
 * @param now Milliseconds since the epoch.
 */
export function createVerification(
  { issuers, audiences, introspection, fetch, now }: {
    readonly issuers: readonly string[];
    readonly audiences: readonly string[];
    readonly introspection:
      | { readonly url: string; readonly clientId: string; readonly clientSecret: string }
      | undefined;
    readonly fetch: typeof globalThis.fetch;
    readonly now: () => number;
  },
): Verification {
  const keys = createKeys(issuers, { fetch, now });
  const [issuer] = issuers as [string];
  const opaque = introspection && createIntrospect({ ...introspection, issuer, audiences, fetch, now });
  return {
    verify: byForm(createVerify({ keys, audiences, now }), opaque),
    ready: async () => void await Promise.all([...keys.values()].map((source) => source.ready())),
  };
}
