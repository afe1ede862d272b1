import { hash } from "node:crypto";
import { InvalidToken } from "./errors.ts";
import type { Principal } from "./principal.ts";
import type { Verify } from "./verify.ts";

const MAX_VERIFIED = 10_000;
/** A token that was revoked, or whose key was withdrawn, stops working after this time, expired or not. */
const VERIFIED_MS = 60_000;
const MAX_REFUSED = 1_000;
const REFUSED_MS = 10_000;
/** Characters. Ten thousand of these are 20 MB; most tokens have about a thousand. */
const MAX_KEY = 2_048;

/**
 * Remembers verified tokens, so that a caller pays for the signature once, and verifies a token that comes several
 * times at once only once. Bounded, and never answering past `exp`.
 *
 * @param now Milliseconds since the epoch.
 */
export function cacheVerified(verify: Verify, now: () => number): Verify {
  const verified = createMemory<Principal>(MAX_VERIFIED, now);
  return function verifyCached(token, budget) {
    const key = keyOf(token);
    const known = verified.get(key);
    if (known) return known;
    budget?.spendToken();
    return verified.share(key, async () => {
      const principal = await verify(token, budget);
      verified.set(key, principal, Math.min(principal.expiresAt * 1000, now() + VERIFIED_MS));
      return principal;
    });
  };
}

/**
 * Remembers refused tokens for some seconds, so that the issuer is not asked about the same one again and again.
 *
 * @param verify Asks the issuer, on the budget of the caller; an outage is not remembered.
 * @param now Milliseconds since the epoch.
 */
export function rememberRefused(verify: Verify, now: () => number): Verify {
  const refused = createMemory<InvalidToken>(MAX_REFUSED, now);
  return async function verifyUnlessRefused(token, budget) {
    const key = keyOf(token);
    const known = refused.get(key);
    if (known) throw known;
    budget?.spendQuestion();
    try {
      return await verify(token);
    } catch (error) {
      if (error instanceof InvalidToken) refused.set(key, error, now() + REFUSED_MS);
      throw error;
    }
  };
}

/**
 * Values that are not given out after their time. They are forgotten with the next that is remembered, or earlier when
 * there are too many: the oldest go first.
 */
export function createMemory<V>(maxEntries: number, now: () => number) {
  const entries = new Map<string, { readonly value: V; readonly until: number }>();
  const inFlight = new Map<string, Promise<V>>();
  return {
    get(key: string): V | undefined {
      const entry = entries.get(key);
      return entry && now() < entry.until ? entry.value : undefined;
    },
    set(key: string, value: V, until: number): void {
      entries.delete(key);
      for (const [old, entry] of entries) {
        if (now() < entry.until) break;
        entries.delete(old);
      }
      if (entries.size >= maxEntries) entries.delete(entries.keys().next().value!);
      entries.set(key, { value, until });
    },
    /** Asks once for all who ask at the same time. */
    share(key: string, ask: () => Promise<V>): Promise<V> {
      const shared = inFlight.get(key);
      if (shared) return shared;
      const running = ask();
      inFlight.set(key, running);
      const end = () => void inFlight.delete(key);
      running.then(end, end);
      return running;
    },
  };
}

/**
 * What a token is remembered by. To hash each one would make calls with a token a tenth slower. Nothing lists, logs or
 * sends these keys, they are forgotten with what they are the keys of, and until then the token is no more in reach than
 * in the request that brought it. Only long tokens are hashed, so that the memory stays small; no token has a space, so
 * that none can pass for the hash of another.
 */
function keyOf(token: string): string {
  return token.length <= MAX_KEY ? token : `sha256 ${sha256(token)}`;
}

/** Node's takes 2 µs on an idle machine, in hexadecimal, and more in any other form; Web Crypto's takes 100. */
export function sha256(token: string): string {
  return hash("sha256", token, "hex");
}
