import { settlesAtOnce } from "./settles_at_once.ts";

/** The time that something may take. */
export class Deadline {
  #controller: AbortController | undefined;
  /** Milliseconds beyond the limit: the most that was ever asked for. */
  extraMs = 0;

  /** Aborts when the time is up. Most of what is limited ends before anybody looks. */
  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  /** Lets it take so many milliseconds longer. A number and no new timer: most calls are over long before. */
  extend(ms: number): void {
    this.extraMs = Math.max(this.extraMs, ms);
  }

  /** @throws the reason when the time is up. */
  throwIfAborted(): void {
    this.#controller?.signal.throwIfAborted();
  }

  /** Ends it. */
  abort(reason: Error): void {
    (this.#controller ??= new AbortController()).abort(reason);
  }
}

/**
 * Runs something for a limited time.
 *
 * @param limitMs Milliseconds.
 * @param timeUp Makes the error for when the time is up, with which the signal aborts, too.
 * @throws The error of `timeUp` when the time is up, whatever `run` does about it; else what `run` rejects with.
 */
export async function withDeadline<T>(
  limitMs: number,
  timeUp: () => Error,
  run: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline();
  const running = run(deadline);
  if (await settlesAtOnce(running)) return await running;
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const expire = () => {
    const { extraMs } = deadline;
    if (extraMs > 0) {
      timer = setTimeout(expire, extraMs);
      deadline.extraMs = 0;
      return;
    }
    const error = timeUp();
    deadline.abort(error);
    reject(error);
  };
  let timer = setTimeout(expire, limitMs);
  try {
    return await Promise.race([running, expired]);
  } finally {
    clearTimeout(timer);
  }
}
