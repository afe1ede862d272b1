import { clientNetwork } from "../../net/client_network.ts";
import { OAuthError } from "./oauth_error.ts";

/** Beyond this many networks in one window all further ones share a count, which bounds the memory. */
const MAX_NETWORKS = 10_000;

/** Counts attempts of each client address in fixed windows of time. */
export interface Limit {
  /** Seconds until this address may try again; 0 when it may now. */
  waitSeconds(address: string | undefined): number;
  /** Counts one attempt. */
  count(address: string | undefined): void;
}

/**
 * At most `attempts` from one address per window of `seconds`. Behind a tunnel all callers have the address of the
 * tunnel and share one count.
 */
export function createLimit(attempts: number, seconds: number, now: () => number): Limit {
  let windowEnd = 0;
  let counts = new Map<string, number>();

  function keyOf(address: string | undefined): string {
    if (now() >= windowEnd) {
      windowEnd = now() + seconds * 1000;
      counts = new Map();
    }
    const network = clientNetwork(address) ?? "unknown";
    return counts.has(network) || counts.size < MAX_NETWORKS ? network : "others";
  }

  return {
    waitSeconds(address) {
      const key = keyOf(address);
      return (counts.get(key) ?? 0) < attempts ? 0 : Math.ceil((windowEnd - now()) / 1000);
    },
    count(address) {
      const key = keyOf(address);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
  };
}

/** Counts one attempt. Throws `temporarily_unavailable` with 429 and `Retry-After` when there were too many. */
export function takeOne(limit: Limit, address: string | undefined): void {
  const wait = limit.waitSeconds(address);
  if (wait > 0) {
    throw new OAuthError(
      "temporarily_unavailable",
      `There were too many requests: try again in ${wait} seconds.`,
      { status: 429, headers: { "retry-after": String(wait) } },
    );
  }
  limit.count(address);
}
