const BUFFER_BYTES = 128 * 1024;
/** The head of an answer is shorter than this. */
const HEAD_BYTES = 2048;
/** A server that answers nobody for so long is given up. */
const STALLED_MS = 10_000;
const latin1 = new TextDecoder("latin1");

/** How to ask, and when to stop. */
export interface Limit {
  /** Requests in flight at a time, each on a connection of its own. */
  readonly connections?: number;
  readonly ms?: number;
  readonly calls?: number;
}

/** What came of it. */
export interface Loaded {
  /** Answers per second. */
  readonly rate: number;
  /** Milliseconds that 99 of 100 answers took at most. */
  readonly p99: number;
}

/** A request as it goes over the wire, made once and sent many times. */
export async function wire(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const { host, pathname } = new URL(request.url);
  const body = await request.bytes();
  const headers = [["host", host], ...request.headers, ["content-length", String(body.length)]];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = new TextEncoder().encode(`${request.method} ${pathname} HTTP/1.1\r\n${lines}\r\n`);
  return new Uint8Array([...head, ...body]);
}

/**
 * Sends requests in turn, again and again, over keep-alive connections, a raw client being several times cheaper than
 * `fetch`.
 *
 * @param status Of every answer; undefined for any.
 * @throws Error when an answer has another status than expected, or when none comes any more.
 */
export async function load(
  port: number,
  requests: readonly Uint8Array<ArrayBuffer>[],
  status: number | undefined,
  { connections = 16, ms = Infinity, calls = Infinity }: Limit,
): Promise<Loaded> {
  const connected = await Promise.all(Array.from({ length: connections }, () => connect(port)));
  // From here on, so that each connection asks once at least.
  const started = performance.now();
  const times: number[] = [];
  let sent = 0;
  const next = () =>
    sent < calls && performance.now() - started < ms ? requests[sent++ % requests.length] : undefined;
  let seen = -1;
  const watch = setInterval(() => {
    if (times.length === seen) connected.forEach((connection) => connection[Symbol.dispose]());
    seen = times.length;
  }, STALLED_MS);
  try {
    await Promise.all(connected.map((connection) => converse(connection, next, status, times)));
  } catch (error) {
    throw explained(error);
  } finally {
    clearInterval(watch);
    // After a failure the others would go on asking beside whatever is measured next.
    connected.forEach((connection) => connection[Symbol.dispose]());
  }
  const rate = times.length / (performance.now() - started) * 1000;
  return { rate, p99: times.sort((a, b) => a - b)[Math.trunc(times.length * 0.99)]! };
}

/** Asks once. @returns status and body. */
export async function askOnce(
  port: number,
  request: Uint8Array<ArrayBuffer>,
): Promise<{ readonly status: number; readonly text: string }> {
  using connection = await connect(port);
  const patience = setTimeout(() => connection[Symbol.dispose](), STALLED_MS);
  try {
    await send(connection, request);
    const { status, body } = await readAnswer(connection, new Uint8Array(BUFFER_BYTES), true);
    return { status, text: new TextDecoder().decode(Uint8Array.from(body, (char) => char.charCodeAt(0))) };
  } catch (error) {
    throw explained(error);
  } finally {
    clearTimeout(patience);
  }
}

/** Reading is interrupted only where we give a server up. */
function explained(error: unknown): unknown {
  return error instanceof Deno.errors.Interrupted
    ? new Error(`does not answer within ${STALLED_MS / 1000} seconds`)
    : error;
}

async function connect(port: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay();
  return connection;
}

async function converse(
  connection: Deno.Conn,
  next: () => Uint8Array<ArrayBuffer> | undefined,
  status: number | undefined,
  times: number[],
): Promise<void> {
  const buffer = new Uint8Array(BUFFER_BYTES);
  for (let request = next(); request; request = next()) {
    const asked = performance.now();
    await send(connection, request);
    const seen = await readAnswer(connection, buffer, false);
    times.push(performance.now() - asked);
    if (status !== undefined && seen.status !== status) {
      throw new Error(`Expected the status ${status}, got ${seen.status}.`);
    }
  }
}

async function send(connection: Deno.Conn, request: Uint8Array<ArrayBuffer>): Promise<void> {
  for (let written = 0; written < request.length;) {
    written += await connection.write(request.subarray(written));
  }
}

/** Reads one answer to its end. @returns its status, and its body, undone of chunks, if that is to be kept. */
async function readAnswer(
  connection: Deno.Conn,
  buffer: Uint8Array<ArrayBuffer>,
  keep: boolean,
): Promise<{ readonly status: number; readonly body: string }> {
  let filled = 0;
  let head = "";
  while (!head.includes("\r\n\r\n")) {
    filled += await fill(connection, buffer.subarray(filled));
    head = latin1.decode(buffer.subarray(0, Math.min(filled, HEAD_BYTES)));
  }
  const bodyStart = head.indexOf("\r\n\r\n") + 4;
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: (\d+)/i.exec(head.slice(0, bodyStart))?.[1];
  let body = keep ? latin1.decode(buffer.subarray(bodyStart, filled)) : "";
  let tail = latin1.decode(buffer.subarray(Math.max(bodyStart, filled - 5), filled));
  let have = filled - bodyStart;
  // A chunked body ends with an empty chunk; nothing follows, since the next request was not sent yet.
  while (length === undefined ? !tail.endsWith("0\r\n\r\n") : have < Number(length)) {
    const count = await fill(connection, buffer);
    have += count;
    tail = (tail + latin1.decode(buffer.subarray(Math.max(0, count - 5), count))).slice(-5);
    if (keep) body += latin1.decode(buffer.subarray(0, count));
  }
  return { status, body: length === undefined ? withoutChunks(body) : body };
}

function withoutChunks(body: string): string {
  let whole = "";
  for (let rest = body; rest !== "";) {
    const end = rest.indexOf("\r\n");
    const size = parseInt(rest.slice(0, end), 16);
    if (!(size > 0)) break;
    whole += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + 2 + size + 2);
  }
  return whole;
}

async function fill(connection: Deno.Conn, buffer: Uint8Array<ArrayBuffer>): Promise<number> {
  const count = await connection.read(buffer);
  if (count === null) throw new Error("The server closed the connection within an answer.");
  return count;
}
