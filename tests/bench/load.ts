/** Requests in flight at a time, each on a connection of its own. */
const CONNECTIONS = 16;
const BUFFER_BYTES = 64 * 1024;
/** The head of an answer is shorter than this. */
const HEAD_BYTES = 2048;
const latin1 = new TextDecoder("latin1");

/** When to stop asking. */
export interface Limit {
  readonly ms?: number;
  readonly calls?: number;
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
 * Sends one request again and again over keep-alive connections, a raw client being several times cheaper than
 * `fetch`, and resolves with the answers per second.
 *
 * @throws Error when an answer has another status than expected.
 */
export async function load(
  port: number,
  request: Uint8Array<ArrayBuffer>,
  status: number,
  { ms = Infinity, calls = Infinity }: Limit,
): Promise<number> {
  const started = performance.now();
  let sent = 0;
  const mayGoOn = () => sent++ < calls && performance.now() - started < ms;
  const counts = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => converse(port, request, status, mayGoOn)),
  );
  const answered = counts.reduce((sum, count) => sum + count, 0);
  return answered / (performance.now() - started) * 1000;
}

async function converse(
  port: number,
  request: Uint8Array<ArrayBuffer>,
  status: number,
  mayGoOn: () => boolean,
): Promise<number> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay();
  const buffer = new Uint8Array(BUFFER_BYTES);
  let answered = 0;
  for (; mayGoOn(); answered++) {
    for (let written = 0; written < request.length;) {
      written += await connection.write(request.subarray(written));
    }
    const seen = await readAnswer(connection, buffer);
    if (seen !== status) throw new Error(`Expected the status ${status}, got ${seen}.`);
  }
  return answered;
}

/** Reads one answer to its end, and gives back its status. */
async function readAnswer(connection: Deno.Conn, buffer: Uint8Array<ArrayBuffer>): Promise<number> {
  let filled = 0;
  let head = "";
  while (!head.includes("\r\n\r\n")) {
    filled += await fill(connection, buffer.subarray(filled));
    head = latin1.decode(buffer.subarray(0, Math.min(filled, HEAD_BYTES)));
  }
  const bodyStart = head.indexOf("\r\n\r\n") + 4;
  const length = /\r\ncontent-length: (\d+)/i.exec(head.slice(0, bodyStart))?.[1];
  if (length === undefined) {
    await readChunks(connection, buffer, buffer.slice(Math.max(bodyStart, filled - 5), filled));
  } else {
    for (let have = filled - bodyStart; have < Number(length);) have += await fill(connection, buffer);
  }
  return Number(head.slice(9, 12));
}

/** A chunked body ends with an empty chunk; nothing follows, since the next request was not sent yet. */
async function readChunks(
  connection: Deno.Conn,
  buffer: Uint8Array<ArrayBuffer>,
  read: Uint8Array,
): Promise<void> {
  let tail = latin1.decode(read);
  while (!tail.endsWith("0\r\n\r\n")) {
    const count = await fill(connection, buffer);
    tail = (tail + latin1.decode(buffer.subarray(Math.max(0, count - 5), count))).slice(-5);
  }
}

async function fill(connection: Deno.Conn, buffer: Uint8Array<ArrayBuffer>): Promise<number> {
  const count = await connection.read(buffer);
  if (count === null) throw new Error("The server closed the connection within an answer.");
  return count;
}
