import type { Deadline } from "../net/deadline.ts";
import { BrokenOff, readBounded, TooLarge } from "../net/read_bounded.ts";
import { HttpError } from "./errors.ts";

const MAX_BYTES = 1024 * 1024;
/** Larger bodies are read piece by piece, which can be broken off. */
const MAX_WHOLE_BYTES = 64 * 1024;
/** Objects and arrays inside each other. */
const MAX_DEPTH = 64;
/** Members, items, and the containers that hold them; an `initialize` of ten times as many would take a second. */
const MAX_VALUES = 10_000;
/** Messages in a batch. */
const MAX_BATCH = 20;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the JSON body of a request: size first (413), then media type and encoding (415), then the JSON itself (400).
 * Each is decided on what really arrives; a declared length only saves us the reading.
 *
 * @param deadline Its signal stops the reading, as does that of the request.
 * @param framed It came over a connection, on which no more can arrive than was declared.
 * @throws HttpError, BrokenOff when the caller gave up, or the reason of `deadline`.
 */
export async function readJson(request: Request, deadline: Deadline, framed: boolean): Promise<unknown> {
  const declared = Number(request.headers.get("content-length"));
  if (declared > MAX_BYTES) throw tooLarge();
  const isSmall = framed && declared > 0 && declared <= MAX_WHOLE_BYTES;
  const bytes = await (isSmall ? readWhole : readInPieces)(request, deadline);
  checkMediaType(request.headers.get("content-type"));
  checkEncoding(request.headers.get("content-encoding"));
  const body = parse(bytes);
  if (Array.isArray(body) && body.length === 0) {
    throw new HttpError(400, "The batch is empty: it must hold at least one message.");
  }
  if (Array.isArray(body) && body.length > MAX_BATCH) {
    throw new HttpError(400, `A batch may hold at most ${MAX_BATCH} messages.`);
  }
  countValues(body, 0, 0);
  return body;
}

async function readInPieces(request: Request, { signal }: Deadline): Promise<Uint8Array> {
  try {
    return await readBounded(request.body, MAX_BYTES, signal, request);
  } catch (error) {
    if (error instanceof TooLarge) throw tooLarge();
    throw request.signal.aborted ? new BrokenOff(error) : error;
  }
}

/** A stream of what is there already would cost as much as all the rest of a small request. */
async function readWhole(request: Request, deadline: Deadline): Promise<Uint8Array> {
  let bytes: ArrayBuffer;
  try {
    bytes = await request.arrayBuffer();
  } catch (error) {
    throw new BrokenOff(error);
  }
  // It may have come too late: then nobody waits for what it asks for.
  deadline.throwIfAborted();
  return new Uint8Array(bytes);
}

function tooLarge(): HttpError {
  return new HttpError(413, `The body is larger than ${MAX_BYTES} bytes.`);
}

/** OpenAI's scanner sends `application/octet-stream`; types that a web form can send are refused (TRN-26). */
function checkMediaType(contentType: string | null): void {
  if (contentType === "application/json") return;
  const essence = (contentType ?? "").replace(/;.*/, "").trim().toLowerCase();
  if (["", "application/json", "application/octet-stream"].includes(essence)) return;
  throw new HttpError(415, "Send the JSON-RPC message with Content-Type: application/json.", {
    accept: "application/json",
  });
}

/** A web server in front may pack bodies for itself; here nothing is unpacked, so that no small body can become large. */
function checkEncoding(contentEncoding: string | null): void {
  if (contentEncoding === null) return;
  if (["", "identity"].includes(contentEncoding.trim().toLowerCase())) return;
  throw new HttpError(415, "Send the JSON-RPC message without Content-Encoding.", {
    "accept-encoding": "identity",
  });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new HttpError(400, "Parse error: the body is not JSON in UTF-8.", {}, -32700);
  }
}

/**
 * Counts a value and all within it, and stops at the limits: what comes after looks at every value, some of it many
 * times. Recursive, which the limit of the depth makes safe, and allocates nothing.
 *
 * @param count Values counted so far.
 * @throws HttpError
 */
function countValues(value: unknown, depth: number, count: number): number {
  if (++count > MAX_VALUES) throw new HttpError(400, `The body holds more than ${MAX_VALUES} values.`);
  if (typeof value !== "object" || value === null) return count;
  if (depth === MAX_DEPTH) throw new HttpError(400, `The body is nested more than ${MAX_DEPTH} levels deep.`);
  if (Array.isArray(value)) {
    for (const item of value) count = countValues(item, depth + 1, count);
  } else {
    for (const name in value) count = countValues(value[name as keyof typeof value], depth + 1, count);
  }
  return count;
}
