/**
 * Reads a body as UTF-8, counting the bytes that arrive rather than believing `Content-Length` (CIMD-07).
 * Throws a `RangeError` when there are more than `maxBytes`; the rest of the body is then not read.
 */
export async function boundedText(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new RangeError(`The body is larger than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
