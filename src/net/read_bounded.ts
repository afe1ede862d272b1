/** More bytes arrived than the reader takes. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";

  constructor(readonly maxBytes: number) {
    super(`More than ${maxBytes} bytes arrived.`);
  }
}

const FIRST_BUFFER_BYTES = 16 * 1024;

/**
 * Reads a body into one buffer, which grows as needed: chunks are copied and let go, since a chunk of one byte can
 * keep 64 KiB alive. Reading stops, and the other end is told, when the limit is passed or `signal` aborts.
 *
 * @throws TooLarge, the reason of `signal`, or whatever the body fails with.
 */
export async function readBounded(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!body) return new Uint8Array(0);
  signal?.throwIfAborted();
  const reader = body.getReader();
  // Ends a pending read at once; waiting for the next chunk could take for ever.
  const onAbort = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", onAbort, { once: true });
  let buffer = new Uint8Array(Math.min(FIRST_BUFFER_BYTES, maxBytes));
  let size = 0;
  try {
    while (true) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) return buffer.subarray(0, size);
      if (size + value.byteLength > maxBytes) {
        onAbort();
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
    signal?.removeEventListener("abort", onAbort);
  }
}
