import { settlesAtOnce } from "./settles_at_once.ts";

/**
 * Runs something for a limited time.
 *
 * @param limitMs Milliseconds.
 * @param timeUp Makes the error for when the time is up.
 * @param run Gets a controller that aborts with that error when the time is up, and may be aborted earlier; and a
 * function that lets it run so many milliseconds longer, of which the most ever asked for counts.
 * @throws The error of `timeUp` when the time is up, whatever `run` does about it; else what `run` rejects with.
 */
export async function withDeadline<T>(
  limitMs: number,
  timeUp: () => Error,
  run: (controller: AbortController, extend: (ms: number) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let extraMs = 0;
  // A number and no new timer: most calls are over long before.
  const running = run(controller, (ms) => {
    extraMs = Math.max(extraMs, ms);
  });
  if (await settlesAtOnce(running)) return await running;
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const expire = () => {
    if (extraMs > 0) {
      timer = setTimeout(expire, extraMs);
      extraMs = 0;
      return;
    }
    const error = timeUp();
    controller.abort(error);
    reject(error);
  };
  let timer = setTimeout(expire, limitMs);
  try {
    return await Promise.race([running, expired]);
  } finally {
    clearTimeout(timer);
  }
}
