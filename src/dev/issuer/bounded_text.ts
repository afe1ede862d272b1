import { readBounded, TooLarge } from "../../net/read_bounded.ts";

/**
 * Reads a body as UTF-8, counting the bytes that arrive rather than believing `Content-Length` (CIMD-07).
 * Throws a `RangeError` when there are more than `maxBytes`; the rest of the body is then not read.
 */
export async function boundedText(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<string> {
  try {
    return new TextDecoder().decode(await readBounded(body, maxBytes));
  } catch (error) {
    throw error instanceof TooLarge ? new RangeError(`The body is larger than ${maxBytes} bytes`) : error;
  }
}
