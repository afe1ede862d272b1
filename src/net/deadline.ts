/**
 * Runs something for a limited time.
 *
 * @param limitMs Milliseconds.
 * @param timeUp Makes the error for when the time is up.
 * @param run Gets a controller that aborts with that error when the time is up, and may be aborted earlier.
 * @throws The error of `timeUp` when the time is up, whatever `run` does about it; else what `run` rejects with.
 */
export async function withDeadline<T>(
  limitMs: number,
  timeUp: () => Error,
  run: (controller: AbortController) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = timeUp();
    controller.abort(error);
    reject(error);
  }, limitMs);
  try {
    return await Promise.race([run(controller), expired]);
  } finally {
    clearTimeout(timer);
  }
}
