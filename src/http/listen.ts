import type { Logger } from "@logtape/logtape";

/** What `Deno.serve` returns, as far as it is used here. */
export interface Listener {
  /** Settles when it has ended; rejects when it has failed. */
  readonly finished: Promise<void>;
  /** Resolves when what is in flight has been answered. */
  shutdown(): Promise<void>;
}

/** After a listener failed, such as for want of file descriptors: what is in flight then ends and gives some back. */
const LISTEN_AGAIN_MS = 1_000;

/**
 * Listens until the signal aborts. A listener that fails later on, such as for want of file descriptors, is followed by
 * another one, because its failure would end the process.
 *
 * @returns The last listener, which may have failed.
 * @throws What keeps the first listener from listening.
 */
export async function keepListening(
  listen: () => Listener,
  stopping: AbortSignal,
  log: Logger,
): Promise<Listener> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  stopping.addEventListener("abort", () => resolve());
  let listener = listen();
  let finished = listener.finished;
  async function listenAgain(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, LISTEN_AGAIN_MS));
    listener = listen();
    await listener.finished;
  }
  while (!stopping.aborted) {
    try {
      await Promise.race([finished, stopped]);
    } catch (error) {
      log.error("The listener failed, and is replaced in {seconds} s: {error}", {
        seconds: LISTEN_AGAIN_MS / 1000,
        error,
      });
      finished = listenAgain();
    }
  }
  return listener;
}
