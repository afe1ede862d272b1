import type { Principal } from "./principal.ts";
import type { Verify } from "./verify.ts";

const MAX_ENTRIES = 10_000;
/** A token that was revoked, or whose key was withdrawn, stops working after this time, expired or not. */
const MAX_AGE_MS = 60_000;

/**
 * Remembers verified tokens, so that a caller pays for the signature once. Keyed by SHA-256 (no token is kept),
 * bounded, and never answering past `exp`. Only successes are remembered.
 *
 * @param now Milliseconds since the epoch.
 */
export function cacheVerified(verify: Verify, now: () => number): Verify {
  const entries = new Map<string, { readonly principal: Principal; readonly until: number }>();
  return async function verifyCached(token) {
    const key = await sha256(token);
    const hit = entries.get(key);
    if (hit && now() < hit.until) return hit.principal;
    entries.delete(key);
    const principal = await verify(token);
    if (entries.size >= MAX_ENTRIES) entries.delete(entries.keys().next().value!);
    entries.set(key, { principal, until: Math.min(principal.expiresAt * 1000, now() + MAX_AGE_MS) });
    return principal;
  };
}

/** Web Crypto: loading Node's would take longer than all of Hono. */
async function sha256(token: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token))).toBase64();
}
