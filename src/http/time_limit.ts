import { HttpError } from "./errors.ts";

/**
 * Runs something for a limited time; its controller aborts when the time is up, and may be aborted earlier.
 *
 * @throws HttpError 503 when the time is up, whatever `run` does about it.
 */
export async function withTimeLimit<T>(
  limitMs: number,
  run: (controller: AbortController) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new HttpError(
      503,
      `The request took longer than ${limitMs / 1000} seconds and was given up.`,
    );
    controller.abort(error);
    reject(error);
  }, limitMs);
  try {
    return await Promise.race([run(controller), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
