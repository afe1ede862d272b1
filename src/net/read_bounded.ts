/** More bytes arrived than the reader takes. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";

  constructor(readonly maxBytes: number) {
    super(`More than ${maxBytes} bytes arrived.`);
  }
}

/** The body ended before it was complete: its sender, or what carried it, gave up. */
export class BrokenOff extends Error {
  override readonly name = "BrokenOff";

  constructor(cause: unknown) {
    super(`The body broke off: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

const FIRST_BUFFER_BYTES = 16 * 1024;

/**
 * Reads a body into one buffer, which grows as needed: chunks are copied and let go, since a chunk of one byte can
 * keep 64 KiB alive. Reading stops, and the other end is told, when the limit is passed or a signal aborts.
 *
 * @throws TooLarge, BrokenOff, or the reason of the signal.
 */
export async function readBounded(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  ...signals: readonly AbortSignal[]
): Promise<Uint8Array<ArrayBuffer>> {
  if (!body) return new Uint8Array(0);
  throwIfAborted(signals);
  const reader = body.getReader();
  // Ends a pending read at once; waiting for the next chunk could take for ever.
  const stop = (reason?: unknown) => void reader.cancel(reason).catch(() => {});
  const onAbort = () => stop(signals.find(({ aborted }) => aborted)?.reason);
  for (const signal of signals) signal.addEventListener("abort", onAbort, { once: true });
  let buffer = new Uint8Array(Math.min(FIRST_BUFFER_BYTES, maxBytes));
  let size = 0;
  try {
    while (true) {
      const { done, value } = await reader.read().catch((cause) => {
        throwIfAborted(signals);
        throw new BrokenOff(cause);
      });
      throwIfAborted(signals);
      if (done) return buffer.subarray(0, size);
      if (size + value.byteLength > maxBytes) {
        stop();
        throw new TooLarge(maxBytes);
      }
      if (size + value.byteLength > buffer.byteLength) {
        const grown = new Uint8Array(
          Math.min(maxBytes, Math.max(buffer.byteLength * 2, size + value.byteLength)),
        );
        grown.set(buffer.subarray(0, size));
        buffer = grown;
      }
      buffer.set(value, size);
      size += value.byteLength;
    }
  } finally {
    for (const signal of signals) signal.removeEventListener("abort", onAbort);
  }
}

function throwIfAborted(signals: readonly AbortSignal[]): void {
  for (const signal of signals) signal.throwIfAborted();
}
