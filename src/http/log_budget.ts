import type { Logger } from "@logtape/logtape";

/** Lines of one kind in a minute. */
const MAX_LINES = 100;
const MINUTE_MS = 60_000;

/** Says whether one more line of a kind may go to the log. @param kind One of few: what is refused, or a status. */
export type LogBudget = (kind: string) => boolean;

/**
 * Makes the budget of lines about requests that went wrong: a caller that is refused again and again must not fill the
 * disk, nor take the time of others. Lines beyond it are counted, and the log says that there are some, and how many.
 *
 * @param now Milliseconds since the epoch.
 */
export function createLogBudget(log: Logger, now: () => number): LogBudget {
  const counts = new Map<string, { readonly minute: number; lines: number }>();
  return (kind) => {
    const minute = Math.floor(now() / MINUTE_MS);
    const count = counts.get(kind);
    if (count?.minute === minute) {
      if (++count.lines === MAX_LINES + 1) {
        log.info(
          "More than {lines} requests in a minute ended with {kind}: the rest of them are not listed",
          {
            lines: MAX_LINES,
            kind,
          },
        );
      }
      return count.lines <= MAX_LINES;
    }
    counts.set(kind, { minute, lines: 1 });
    if (count && count.lines > MAX_LINES) {
      log.info("{lines} more requests in that minute ended with {kind}", {
        lines: count.lines - MAX_LINES,
        kind,
      });
    }
    return true;
  };
}
