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
  const reader = frugalReader(body);
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

/** How many reads a body may take before it is worth the trouble to read without allocating. */
const FEW_READS = 2;
/** Then others get their turn: chunks that have arrived already would be read without a pause. */
const TURN_MS = 10;

/**
 * Reads chunks as they come. After a few, one scratch buffer takes them all, where the stream can do that: else the
 * runtime makes one of 64 KiB for each, and a sender of single bytes fills the memory faster than it is collected.
 */
function frugalReader(body: ReadableStream<Uint8Array>) {
  let reader: ReadableStreamDefaultReader<Uint8Array> | ReadableStreamBYOBReader = body.getReader();
  let scratch: Uint8Array<ArrayBuffer> | undefined;
  let reads = 0;
  let turn = performance.now();

  function reuse(): void {
    reader.releaseLock();
    try {
      reader = body.getReader({ mode: "byob" });
      scratch = new Uint8Array(FIRST_BUFFER_BYTES);
    } catch {
      reader = body.getReader();
    }
  }

  return {
    cancel: (reason: unknown) => reader.cancel(reason),
    /** The chunk is valid until the next read. */
    async read(): Promise<ReadableStreamReadResult<Uint8Array>> {
      if (reads++ === FEW_READS) reuse();
      if (reads > FEW_READS && performance.now() - turn > TURN_MS) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        turn = performance.now();
      }
      if (!scratch) return await (reader as ReadableStreamDefaultReader<Uint8Array>).read();
      const result = await (reader as ReadableStreamBYOBReader).read(scratch);
      if (result.value) scratch = new Uint8Array(result.value.buffer);
      return result;
    },
  };
}

function throwIfAborted(signals: readonly AbortSignal[]): void {
  for (const signal of signals) signal.throwIfAborted();
}
