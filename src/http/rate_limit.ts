/** Who a call is counted against. */
export interface Counted {
  /** A signed-in account; it alone counts when there is one. */
  readonly account: string | undefined;
  /** What an anonymous caller calls itself; it may lie, so the address counts as well. */
  readonly hint: string | undefined;
  /** The IP address; hosts such as ChatGPT share a few among all their users. */
  readonly address: string | undefined;
}

/** Counts calls. Returns the seconds to wait when there were too many, else undefined. */
export type RateLimit = (caller: Counted, calls: number) => number | undefined;

/** How many callers may share one address. */
const CALLERS_PER_ADDRESS = 10;
const MINUTE_MS = 60_000;

/**
 * Limits the calls of each caller in a minute (AUTH-31), on this machine alone. All counts are dropped when a new
 * minute begins, so their number is bounded by the callers of one minute.
 *
 * @param now Milliseconds since the epoch.
 */
export function createRateLimit({ perMinute, now }: { perMinute: number; now: () => number }): RateLimit {
  let minute = 0;
  let counts = new Map<string, number>();

  function exceeds(key: string, calls: number, limit: number): boolean {
    const count = (counts.get(key) ?? 0) + calls;
    counts.set(key, count);
    return count > limit;
  }

  return ({ account, hint, address }, calls) => {
    const time = now();
    const current = Math.floor(time / MINUTE_MS);
    if (current !== minute) {
      minute = current;
      counts = new Map();
    }
    // The address comes first, so that invented hints cannot fill the map beyond its ceiling.
    const tooMany = account !== undefined
      ? exceeds(`account ${account}`, calls, perMinute)
      : exceeds(`network ${network(address)}`, calls, perMinute * CALLERS_PER_ADDRESS) ||
        (hint !== undefined && exceeds(`hint ${hint}`, calls, perMinute));
    return tooMany ? Math.ceil(((current + 1) * MINUTE_MS - time) / 1000) : undefined;
  };
}

/** An IPv6 customer has at least a whole /64 to pick addresses from (RFC 6177), so that counts as one. */
function network(address: string | undefined): string | undefined {
  if (!address?.includes(":") || address.includes(".")) return address;
  const [left = [], right = []] = address.split("::").map((part) => part.split(":"));
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}
