/**
 * The endurance check: mixed requests of both eras against a server process, one in eleven given up by its caller.
 * Memory and file descriptors must stay flat, every answer be the expected one, and nothing that callers do be logged
 * as a warning or an error. `deno task soak`, or with `--requests=5000` and `--seconds=60` for less.
 */
import { freePort } from "./free_port.ts";
import { type Footprint, footprint, startProcess } from "./real/process.ts";
import { type Era, ERAS, rpc, type RpcOptions, TestIssuer, toolCall } from "./support.ts";

export interface SoakOptions {
  readonly requests: number;
  /** No request is begun after this time. */
  readonly seconds: number;
}

export interface SoakReport {
  readonly sent: number;
  readonly abandoned: number;
  readonly seconds: number;
  /** Answers by kind of request and status. */
  readonly answers: Readonly<Record<string, number>>;
  readonly megabytes: Flatness;
  readonly descriptors: Flatness;
  /** What should not have been; empty when all is well. */
  readonly violations: readonly string[];
}

/** A quantity early in the run, once everything is loaded, at its end, and at its highest. */
interface Flatness {
  readonly early: number;
  readonly late: number;
  readonly highest: number;
}

const CONCURRENCY = 32;
const PEOPLE = 20;
const ONE_IN = 11;
const MAX_MEGABYTES = 600;
const SAMPLE_MS = 500;
/** An answer that takes longer counts as missing, so that the run ends. */
const MAX_ANSWER_MS = 30_000;
/** Below this many requests memory is still warming up, and only its bound is held. */
const ENOUGH_TO_BE_FLAT = 50_000;

interface Kind {
  readonly name: string;
  readonly status: number;
  make(turn: number): Request;
}

/** Sends the load and reports. */
export async function soak({ requests, seconds }: SoakOptions): Promise<SoakReport> {
  const issuerPort = freePort();
  const issuer = await TestIssuer.create(`http://127.0.0.1:${issuerPort}`);
  await using _issuer = Deno.serve(
    { port: issuerPort, hostname: "127.0.0.1", onListen: () => {} },
    issuer.fetch,
  );
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  await using server = startProcess({
    PORT: String(port),
    AUTHORIZATION_SERVER_URL: issuer.issuer,
    RESOURCE_SERVER_URL: `${origin}/mcp`,
    SQLITE_PATH: ":memory:",
    RATE_LIMIT_PER_MINUTE: "1000000",
    LOG_LEVEL: "info",
  });
  await server.wrote("Listening on");

  const kinds = await kindsOf(issuer, origin);
  const answers: Record<string, number> = {};
  const violations: string[] = [];
  const samples: Footprint[] = [];
  const started = performance.now();
  const until = started + seconds * 1_000;
  let sent = 0;
  let abandoned = 0;

  async function work(): Promise<void> {
    while (sent < requests && performance.now() < until) {
      const turn = sent++;
      if (turn % ONE_IN === ONE_IN - 1) {
        abandoned++;
        await abandon(kinds[turn % kinds.length]!, turn, port);
        continue;
      }
      const { name, status, make } = kinds[turn % kinds.length]!;
      const signal = AbortSignal.timeout(MAX_ANSWER_MS);
      const response = await fetch(make(turn), { signal })
        .catch((error) => new Response(String(error), { status: 599 }));
      await response.body?.cancel();
      const answer = `${name}: ${response.status}`;
      answers[answer] = (answers[answer] ?? 0) + 1;
      if (response.status !== status && violations.length < 20) {
        violations.push(`${name} was answered with ${response.status} instead of ${status}`);
      }
    }
  }

  let working = true;
  async function sample(): Promise<void> {
    while (working) {
      samples.push(await footprint(server));
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  }

  const sampling = sample();
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const took = (performance.now() - started) / 1_000;
  working = false;
  await sampling;
  samples.push(await footprint(server));
  server.terminate();
  const code = await server.exitCode;

  const megabytes = flatness(samples.map((sample) => sample.megabytes));
  const descriptors = flatness(samples.map((sample) => sample.descriptors));
  if (code !== 0) violations.push(`the exit code is ${code}`);
  if (megabytes.highest > MAX_MEGABYTES) violations.push(`memory rose to ${megabytes.highest} MB`);
  if (sent >= ENOUGH_TO_BE_FLAT && megabytes.late > megabytes.early * 1.2 + 20) {
    violations.push(`memory grew from ${megabytes.early} to ${megabytes.late} MB`);
  }
  if (descriptors.late > descriptors.early + CONCURRENCY) {
    violations.push(`file descriptors grew from ${descriptors.early} to ${descriptors.late}`);
  }
  const complaints = server.written.split("\n").filter((line) => /"level":"(WARN|ERROR|FATAL)"/.test(line));
  violations.push(...complaints.slice(0, 5).map((line) => `logged: ${line.slice(0, 300)}`));
  return { sent, abandoned, seconds: took, answers, megabytes, descriptors, violations };
}

/** Everything that callers do, good and bad, each with the status that it is answered with. */
async function kindsOf(issuer: TestIssuer, origin: string): Promise<Kind[]> {
  const endpoint = `${origin}/mcp`;
  const iat = Math.floor(Date.now() / 1_000);
  const claims = { aud: endpoint, iat, exp: iat + 3_600 };
  const tokens = await Promise.all(
    Array.from(
      { length: PEOPLE },
      (_, person) => issuer.token({ ...claims, sub: `person-${person}`, scope: "notes:read" }),
    ),
  );
  const expired = await issuer.token({ ...claims, scope: "notes:read", iat: iat - 7_200, exp: iat - 3_600 });
  const poor = await issuer.token({ ...claims, scope: "" });
  const here = (request: Request) => new Request(endpoint, request);
  const post = (body: BodyInit, headers: Record<string, string> = {}) =>
    new Request(endpoint, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    });
  const get = (path: string, accept: string) => new Request(`${origin}${path}`, { headers: { accept } });

  function ofEra(era: Era): Kind[] {
    const kind = (name: string, status: number, make: (turn: number) => Request): Kind => ({
      name: `${era} ${name}`,
      status,
      make: (turn) => here(make(turn)),
    });
    const search = (options: RpcOptions = {}) => toolCall(era, "search_notes", { query: "rules" }, options);
    const own = (token: string | undefined) => toolCall(era, "list_notes", {}, { token });
    const greeting = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "soak", version: "1" },
    };
    return [
      kind("search", 200, () => search()),
      kind("search, signed in", 200, (turn) => search({ token: tokens[turn % PEOPLE] })),
      kind("search, as a stream", 200, () => search({ headers: { accept: "text/event-stream" } })),
      kind("search, bad token", 401, (turn) => search({ token: `invented-${turn}` })),
      kind(
        "search, wrong arguments",
        200,
        () => toolCall(era, "search_notes", { query: 5, more: 1 }),
      ),
      kind("own notes", 200, (turn) => own(tokens[turn % PEOPLE])),
      kind("own notes, no token", 401, () => own(undefined)),
      kind(
        "own notes, ChatGPT",
        200,
        () => toolCall(era, "list_notes", {}, { headers: { "user-agent": "openai-mcp/1.0" } }),
      ),
      kind("own notes, expired token", 401, () => own(expired)),
      kind("own notes, no scope", 403, () => own(poor)),
      kind("own notes, forged token", 401, (turn) => own(`${tokens[turn % PEOPLE]!.slice(0, -4)}AAAA`)),
      era === "legacy"
        ? kind("greeting", 200, () => rpc(era, "initialize", greeting))
        : kind("greeting", 200, () => rpc(era, "server/discover")),
      kind("tools", 200, () => rpc(era, "tools/list")),
      kind("resources", 200, () => rpc(era, "resources/list")),
      kind("widget", 200, () => rpc(era, "resources/read", { uri: "ui://widget/own-notes.html" })),
      kind("unknown method", era === "legacy" ? 200 : 404, () => rpc(era, "no/such/method")),
      kind(
        "wrong origin",
        403,
        () => rpc(era, "tools/list", {}, { headers: { origin: "https://evil.example" } }),
      ),
      {
        name: `${era} wrong host`,
        status: 403,
        make: () => new Request(endpoint.replace("127.0.0.1", "0.0.0.0"), rpc(era, "tools/list")),
      },
    ];
  }

  const other = (name: string, status: number, make: (turn: number) => Request): Kind => ({
    name,
    status,
    make,
  });
  return [
    ...ERAS.flatMap(ofEra),
    other("garbage", 400, (turn) => post(`{"jsonrpc":${"[".repeat(turn % 500)}`)),
    other("not UTF-8", 400, () => post(new Uint8Array([0x22, 0xff, 0x22]))),
    other("a large body", 400, (turn) => post(JSON.stringify({ turn, x: "x".repeat(300_000) }))),
    other("too large a body", 413, () => post(new Uint8Array(1_100_000))),
    other("a body in pieces", 200, () => post(inPieces('{"jsonrpc":"2.0","id":1,"method":"tools/list"}'))),
    other("too many values", 400, () => post(JSON.stringify(Array(15).fill(Array(1_000).fill(0))))),
    other("too deep", 400, () => post("[".repeat(5_000) + "]".repeat(5_000))),
    other("an empty batch", 400, () => post("[]")),
    other(
      "a batch",
      200,
      () => post(JSON.stringify([1, 2, 3].map((id) => ({ jsonrpc: "2.0", id, method: "ping" })))),
    ),
    other("a form", 415, () => post("a=b", { "content-type": "application/x-www-form-urlencoded" })),
    other("a packed body", 415, () => post("{}", { "content-encoding": "gzip" })),
    other("the start page", 200, () => get("/", "text/html")),
    other("a mistyped page", 404, (turn) => get(`/${"a".repeat(turn % 4_000)}/nothing`, "text/html")),
    other("GET of the endpoint", 405, () => get("/mcp", "text/event-stream")),
    other("the metadata", 200, () => get("/.well-known/oauth-protected-resource/mcp", "application/json")),
    other("health", 200, () => get("/health", "*/*")),
    other("readiness", 200, () => get("/ready", "*/*")),
  ];
}

function inPieces(text: string): ReadableStream<Uint8Array> {
  return ReadableStream.from([...text].map((letter) => new TextEncoder().encode(letter)));
}

/** A caller who goes away: before the answer, in the middle of it, or in the middle of the upload. */
async function abandon({ make }: Kind, turn: number, port: number): Promise<void> {
  const when = turn % 3;
  try {
    if (when === 0) {
      const caller = new AbortController();
      const answer = fetch(make(turn), { signal: caller.signal });
      queueMicrotask(() => caller.abort());
      await (await answer).body?.cancel();
    } else if (when === 1) {
      const caller = new AbortController();
      const response = await fetch(make(turn), { signal: caller.signal });
      caller.abort();
      await response.body?.cancel();
    } else {
      using connection = await Deno.connect({ hostname: "127.0.0.1", port });
      const length = turn % 2 === 0 ? "content-length: 500" : "transfer-encoding: chunked";
      const head =
        `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${length}\r\n\r\n`;
      await connection.write(new TextEncoder().encode(`${head}5\r\n{"a":`));
    }
  } catch {
    // It was given up on purpose.
  }
}

/** Compares the second fifth of the samples with the last, by their medians. */
function flatness(samples: readonly number[]): Flatness {
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  const median = (part: readonly number[]) =>
    Math.round(part.toSorted((a, b) => a - b)[Math.floor(part.length / 2)] ?? 0);
  return {
    early: median(samples.slice(fifth, 2 * fifth)),
    late: median(samples.slice(-fifth)),
    highest: Math.round(Math.max(...samples)),
  };
}

if (import.meta.main) {
  const option = (name: string, otherwise: number) => {
    const value = Deno.args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
    return value === undefined ? otherwise : Number(value);
  };
  const report = await soak({ requests: option("requests", 1_000_000), seconds: option("seconds", 300) });
  const { sent, abandoned, seconds, megabytes, descriptors, violations } = report;
  for (const [answer, count] of Object.entries(report.answers).toSorted()) {
    console.log(`${count}`.padStart(8), answer);
  }
  console.log(`${sent} requests, ${abandoned} of them given up, in ${Math.round(seconds)} s`);
  console.log(`memory: ${megabytes.early} MB early, ${megabytes.late} late, ${megabytes.highest} at most`);
  console.log(
    `file descriptors: ${descriptors.early} early, ${descriptors.late} late, ${descriptors.highest} at most`,
  );
  for (const violation of violations) console.log(`VIOLATION: ${violation}`);
  console.log(violations.length === 0 ? "All is well." : `${violations.length} violations.`);
  Deno.exit(violations.length === 0 ? 0 : 1);
}
