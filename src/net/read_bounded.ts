import { settlesAtOnce } from "./settles_at_once.ts";

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

const BUFFER_BYTES = 16 * 1024;

/**
 * Reads a body: one chunk as it is, which is how small bodies come; more of them into one buffer, which grows as
 * needed: chunks are copied and let go, since a chunk of one byte can keep 64 KiB alive. Reading stops, and the other
 * end is told, when the limit is passed or a signal aborts.
 *
 * @param request Its signal ends the reading, too. It is asked for only when a chunk has not arrived yet: in Deno that
 * costs as much as all of the reading.
 * @throws TooLarge, BrokenOff, or the reason of the signal.
 */
export async function readBounded(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal?: AbortSignal,
  request?: { readonly signal: AbortSignal },
): Promise<Uint8Array> {
  let buffer = new Uint8Array(0) as Uint8Array;
  if (!body) return buffer;
  signal?.throwIfAborted();
  let signals: readonly AbortSignal[] | undefined;
  const reader = frugalReader(body);
  // Ends a pending read at once; waiting for the next chunk could take for ever.
  const stop = (reason?: unknown) => void reader.cancel(reason).catch(() => {});
  const onAbort = () => stop(signals?.find(({ aborted }) => aborted)?.reason);
  function listen(): void {
    signals = [signal, request?.signal].filter((given) => given !== undefined);
    for (const given of signals) given.addEventListener("abort", onAbort, { once: true });
    if (signals.some(({ aborted }) => aborted)) onAbort();
  }

  let size = 0;
  try {
    for (let reads = 0;; reads++) {
      const reading = reader.read(reads);
      if (!signals && !await settlesAtOnce(reading)) listen();
      const { done, value } = await reading;
      throwIfAborted(signals);
      if (done) return buffer.subarray(0, size);
      const before = size;
      size += value.byteLength;
      if (size > maxBytes) {
        stop();
        throw new TooLarge(maxBytes);
      }
      if (reads === 0) {
        buffer = value;
      } else {
        if (size > buffer.byteLength) {
          const grown = new Uint8Array(
            Math.min(maxBytes, Math.max(BUFFER_BYTES, buffer.byteLength * 2, size)),
          );
          grown.set(buffer.subarray(0, before));
          buffer = grown;
        }
        buffer.set(value, before);
      }
    }
  } catch (error) {
    throwIfAborted(signals);
    throw error instanceof TooLarge ? error : new BrokenOff(error);
  } finally {
    for (const given of signals ?? []) given.removeEventListener("abort", onAbort);
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
  let turn = performance.now();

  function reuse(): void {
    reader.releaseLock();
    try {
      reader = body.getReader({ mode: "byob" });
      scratch = new Uint8Array(BUFFER_BYTES);
    } catch {
      reader = body.getReader();
    }
  }

  async function readMore(): Promise<ReadableStreamReadResult<Uint8Array>> {
    if (performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turn = performance.now();
    }
    if (!scratch) return await (reader as ReadableStreamDefaultReader<Uint8Array>).read();
    const result = await (reader as ReadableStreamBYOBReader).read(scratch);
    if (result.value) scratch = new Uint8Array(result.value.buffer);
    return result;
  }

  return {
    cancel: (reason: unknown) => reader.cancel(reason),
    /** The chunk is valid until the next read, and the first few for good. @param reads How many there were before. */
    read(reads: number): Promise<ReadableStreamReadResult<Uint8Array>> {
      if (reads < FEW_READS) return (reader as ReadableStreamDefaultReader<Uint8Array>).read();
      if (reads === FEW_READS) reuse();
      return readMore();
    },
  };
}

function throwIfAborted(signals: readonly AbortSignal[] = []): void {
  for (const signal of signals) signal.throwIfAborted();
}
