import { HttpError } from "./errors.ts";

const MAX_BYTES = 1024 * 1024;
/** Objects and arrays inside each other. */
const MAX_DEPTH = 64;
/** Messages in a batch. */
const MAX_BATCH = 20;

/**
 * Reads the JSON body of a request: size first (413), then media type (415), then the JSON itself (400). Each is
 * decided on what really arrives; a declared length only saves us the reading.
 *
 * @throws HttpError
 */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBytes(request);
  checkMediaType(request.headers.get("content-type"));
  const body = parse(bytes);
  if (Array.isArray(body) && body.length > MAX_BATCH) {
    throw new HttpError(400, `A batch may hold at most ${MAX_BATCH} messages.`);
  }
  if (isDeeperThan(MAX_DEPTH, body)) {
    throw new HttpError(400, `The body is nested more than ${MAX_DEPTH} levels deep.`);
  }
  return body;
}

async function readBytes(request: Request): Promise<Uint8Array> {
  // Made only when thrown: an error collects its stack, which would be the dearest part of a small request.
  const tooLarge = () => new HttpError(413, `The body is larger than ${MAX_BYTES} bytes.`);
  const declared = request.headers.get("content-length");
  if (declared !== null) {
    if (Number(declared) > MAX_BYTES) throw tooLarge();
    // The HTTP server hands over no more than was declared.
    return await request.bytes();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  chunks.reduce((offset, chunk) => (bytes.set(chunk, offset), offset + chunk.byteLength), 0);
  return bytes;
}

/** OpenAI's scanner sends `application/octet-stream`; types that a web form can send are refused (TRN-26). */
function checkMediaType(contentType: string | null): void {
  const essence = (contentType ?? "").replace(/;.*/, "").trim().toLowerCase();
  if (["", "application/json", "application/octet-stream"].includes(essence)) return;
  throw new HttpError(415, "Send the JSON-RPC message with Content-Type: application/json.", {
    accept: "application/json",
  });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new HttpError(400, "Parse error: the body is not JSON in UTF-8.");
  }
}

function isDeeperThan(limit: number, value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((item) => typeof item === "object" && item !== null ? Object.values(item) : []);
  }
  return false;
}
