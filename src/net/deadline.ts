/**
 * Runs something for a limited time.
 *
 * @param limitMs Milliseconds.
 * @param timeUp Makes the error for when the time is up.
 * @param run Gets a controller that aborts with that error when the time is up, and may be aborted earlier; and a
 * function that begins the time anew with so many milliseconds more, of which the most ever asked for counts.
 * @throws The error of `timeUp` when the time is up, whatever `run` does about it; else what `run` rejects with.
 */
export async function withDeadline<T>(
  limitMs: number,
  timeUp: () => Error,
  run: (controller: AbortController, extend: (ms: number) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const expire = () => {
    const error = timeUp();
    controller.abort(error);
    reject(error);
  };
  let timer = setTimeout(expire, limitMs);
  let extraMs = 0;
  const extend = (ms: number) => {
    if (ms <= extraMs) return;
    extraMs = ms;
    clearTimeout(timer);
    timer = setTimeout(expire, limitMs + ms);
  };
  try {
    return await Promise.race([run(controller, extend), expired]);
  } finally {
    clearTimeout(timer);
  }
}
