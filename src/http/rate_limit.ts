import { clientNetwork } from "../net/client_network.ts";

/** Counts calls by who sends them. Each method throws TooManyCalls when the minute's budget is spent. */
export type RateLimit = ReturnType<typeof createRateLimit>;

/** A budget is spent (429). */
export class TooManyCalls extends Error {
  override readonly name = "TooManyCalls";

  /** @param budget Which one: "anonymous", "hint", "token", "question" or "account". */
  constructor(readonly retryAfterSeconds: number, readonly budget: string) {
    super(`Too many calls for ${retryAfterSeconds} seconds.`);
  }
}

/** How many callers may share one address. */
const CALLERS_PER_ADDRESS = 10;
/**
 * Far more tokens than calls without one: a client refreshes an expired token when it reads 401, and never when it
 * reads 429.
 */
const TOKENS_PER_CALL = 10;
/** Callers that are counted at a time; the oldest counts are dropped first. */
const MAX_CALLERS = 100_000;
const MINUTE_MS = 60_000;
/** Calls of an address that were refused in a minute for what they brought; the answer to each more of them waits. */
const MANY_REFUSED = 100;
/** Too short for people to notice; a client that tries again at once does so a hundred times a second, not thousands. */
const PAUSE_MS = 10;

type Wait = (ms: number) => Promise<void>;
const realWait: Wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Limits the calls of each caller in a minute (AUTH-31), on this machine alone. All counts are dropped when a new
 * minute begins.
 *
 * @param now Milliseconds since the epoch.
 */
export function createRateLimit(
  { perMinute, now, wait = realWait }: { perMinute: number; now: () => number; wait?: Wait | undefined },
) {
  let minute = 0;
  let counts = new Map<string, number>();

  /** @returns how many that makes in this minute. */
  function add(key: string, calls: number): number {
    const current = Math.floor(now() / MINUTE_MS);
    if (current !== minute) {
      minute = current;
      counts = new Map();
    }
    const before = counts.get(key);
    if (before === undefined && counts.size >= MAX_CALLERS) counts.delete(counts.keys().next().value!);
    const total = (before ?? 0) + calls;
    counts.set(key, total);
    return total;
  }

  function count(key: string, calls: number, limit: number): void {
    if (add(key, calls) <= limit) return;
    throw new TooManyCalls(Math.ceil(((minute + 1) * MINUTE_MS - now()) / 1000), key.split(" ", 1)[0]!);
  }

  const perAddress = perMinute * CALLERS_PER_ADDRESS;
  return {
    /** Calls without a token: of an address, and of what the caller says it is, which may be a lie. */
    countAnonymous(address: string | undefined, hint: string | undefined, calls: number): void {
      // The address comes first, so that invented hints cannot fill the map beyond its ceiling.
      count(`anonymous ${clientNetwork(address)}`, calls, perAddress);
      if (hint !== undefined) count(`hint ${hint}`, calls, perMinute);
    },
    /** Calls of an address with a token that is not known to be good. */
    countToken: (address: string | undefined, calls: number) =>
      count(`token ${clientNetwork(address)}`, calls, perAddress * TOKENS_PER_CALL),
    /** A question to the authorization server about a token of an address. */
    countQuestion: (address: string | undefined) =>
      count(`question ${clientNetwork(address)}`, 1, perAddress),
    /** A call of an address that is refused for what it brought. Resolves a moment later when there are many. */
    async countRefused(address: string | undefined): Promise<void> {
      if (add(`refused ${clientNetwork(address)}`, 1) > MANY_REFUSED) await wait(PAUSE_MS);
    },
    /** Calls of a signed-in account; hosts such as ChatGPT send those of all their users from a few addresses. */
    countAccount: (account: string, calls: number) => count(`account ${account}`, calls, perMinute),
  };
}
