import { HttpError } from "./errors.ts";

/**
 * Runs something for a limited time; its signal fires when the time is up.
 *
 * @throws HttpError 503 when the time is up, whatever `run` does about it.
 */
export async function withTimeLimit<T>(
  limitMs: number,
  run: (signal: AbortSignal) => Promise<T>,
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
    return await Promise.race([run(controller.signal), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
