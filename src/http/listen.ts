import type { Logger } from "@logtape/logtape";
import { withDeadline } from "../net/deadline.ts";

/** What `Deno.serve` returns, as far as it is used. */
export interface Listener {
  /** Rejects when the listener fails, such as for want of file descriptors. */
  readonly finished: Promise<void>;
  /** Accepts nothing more; resolves once all connections are closed. */
  shutdown(): Promise<void>;
}

/** What the listener tells about a request's connection, as far as it is used. */
export interface Connection {
  /** Settles when the whole answer is sent, or cannot be. */
  readonly completed: Promise<void>;
}

/** What answers a request; `Info` is what the listener tells about its connection. */
export type Handler<Info> = (request: Request, info: Info) => Response | Promise<Response>;

/**
 * Listens until the signal aborts, then lets the requests in flight end. A listener that fails is replaced after a
 * pause, in which some of what it lacked is given back: its failure would otherwise end the process.
 *
 * @param listen Begins to listen.
 * @param againMs The pause, in milliseconds.
 * @param shutdownMs How long requests in flight may go on, in milliseconds.
 * @returns How many requests had to be given up.
 * @throws What keeps the first listener from listening.
 */
export async function listenUntil<Info extends Connection | undefined>(
  stopping: AbortSignal,
  { listen, handler, log, againMs, shutdownMs }: {
    readonly listen: (handler: Handler<Info>) => Listener;
    readonly handler: Handler<Info>;
    readonly log: Logger;
    readonly againMs: number;
    readonly shutdownMs: number;
  },
): Promise<number> {
  let inFlight = 0;
  let streaming = 0;
  async function counted(request: Request, info: Info): Promise<Response> {
    inFlight++;
    try {
      const response = await handler(request, info);
      // The call behind an event stream goes on after its first bytes.
      if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
        streaming++;
        info?.completed.catch(() => {}).finally(() => streaming--);
      }
      return response;
    } finally {
      inFlight--;
    }
  }

  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  stopping.addEventListener("abort", () => resolve());
  let listener = listen(counted);
  let finished = listener.finished;
  async function listenAgain(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, againMs));
    if (stopping.aborted) return;
    listener = listen(counted);
    await listener.finished;
  }
  while (!stopping.aborted) {
    try {
      await Promise.race([finished, stopped]);
    } catch (error) {
      log.error("The listener failed, and is replaced in {ms} ms: {error}", { ms: againMs, error });
      finished = listenAgain();
    }
  }

  log.info("Stopping");
  let givenUp = 0;
  try {
    await withDeadline(shutdownMs, () => new Error("The time is up."), () => listener.shutdown());
  } catch {
    // No other connection counts: one whose upload was refused halfway stays open for as long as its caller likes.
    givenUp = streaming;
  }
  givenUp += inFlight;
  if (givenUp > 0) log.error("Gave up {inFlight} requests that were still in flight", { inFlight: givenUp });
  return givenUp;
}
