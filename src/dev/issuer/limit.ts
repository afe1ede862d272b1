import { OAuthError } from "./oauth_error.ts";

/** Counts attempts in fixed windows of time. */
export interface Limit {
  /** Seconds to wait before the next attempt is allowed; 0 when it is allowed now. */
  waitSeconds(): number;
  /** Counts one attempt. */
  count(): void;
}

/** At most `attempts` per window of `seconds`. One counter for all callers: behind a tunnel they look alike. */
export function createLimit(attempts: number, seconds: number, now: () => number): Limit {
  let windowEnd = 0;
  let counted = 0;

  function roll(): void {
    if (now() < windowEnd) return;
    windowEnd = now() + seconds * 1000;
    counted = 0;
  }

  return {
    waitSeconds() {
      roll();
      return counted < attempts ? 0 : Math.ceil((windowEnd - now()) / 1000);
    },
    count() {
      roll();
      counted++;
    },
  };
}

/** Counts one attempt. Throws `temporarily_unavailable` with 429 and `Retry-After` when there have been too many. */
export function spend(limit: Limit): void {
  const wait = limit.waitSeconds();
  if (wait > 0) {
    throw new OAuthError(
      "temporarily_unavailable",
      `There were too many requests: try again in ${wait} seconds.`,
      {
        status: 429,
        headers: { "retry-after": String(wait) },
      },
    );
  }
  limit.count();
}
