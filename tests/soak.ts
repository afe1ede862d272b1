/**
 * The endurance check: mixed requests of both eras against a server process, one in eleven given up by its caller.
 * Memory and file descriptors must stay flat, every answer be the one to its question, and nothing that callers do be
 * logged as a warning or an error. `deno task soak`, or with `--requests=5000` and `--seconds=60` for less.
 */
import assert from "node:assert/strict";
import { type Footprint, footprint, freePort, growth, startProcess } from "./real/process.ts";
import { type Era, ERAS, rpc, type RpcOptions, TestIssuer, toolCall } from "./support.ts";

export interface SoakOptions {
  readonly requests: number;
  /** No request is begun after this time; that fewer were sent than asked for is a violation. */
  readonly seconds: number;
  /** What asks the server. */
  readonly fetch?: typeof fetch;
}

export interface SoakReport {
  readonly sent: number;
  readonly abandoned: number;
  /** Answers that are not the ones to their questions. */
  readonly wrong: number;
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
/** Has no factor in common with the number of kinds, so that everyone asks everything. */
const PEOPLE = 23;
const ONE_IN = 11;
const MAX_MEGABYTES = 600;
const SAMPLE_MS = 500;
/** How often something is asked that takes much work, mostly ours. */
const COSTLY_ONE_IN = 100;
/** An answer that takes longer counts as missing, so that the run ends. */
const MAX_ANSWER_MS = 30_000;
const JSON_TYPE = "application/json";
/** Stands in a request for its turn. */
const TURN = "its turn";
/** The beginning of every note, which is not found where none belongs. */
const NOTE = "Note of ";
const noteOf = (person: number) => `${NOTE}person-${person}.`;

interface Kind {
  readonly name: string;
  readonly status: number;
  readonly url: string;
  init(turn: number): RequestInit;
  /** What its answer holds. */
  expected(turn: number): readonly string[];
  /** Whose notes it holds; nobody's when left out. */
  readonly person?: (turn: number) => number;
}

/** Sends the load and reports. */
export async function soak(
  { requests, seconds, fetch = globalThis.fetch }: SoakOptions,
): Promise<SoakReport> {
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

  const { usual, costly } = await kindsOf(issuer, origin);
  const kindOf = (turn: number) =>
    turn % COSTLY_ONE_IN === 0 ? costly[turn / COSTLY_ONE_IN % costly.length]! : usual[turn % usual.length]!;
  const answers: Record<string, number> = {};
  const violations: string[] = [];
  const samples: Footprint[] = [];
  const started = performance.now();
  const until = started + seconds * 1_000;
  let sent = 0;
  let abandoned = 0;
  let wrong = 0;

  async function work(): Promise<void> {
    while (sent < requests && performance.now() < until) {
      const turn = sent++;
      if (turn % ONE_IN === ONE_IN - 1) {
        abandoned++;
        await abandon(kindOf(turn), turn, port);
        continue;
      }
      const kind = kindOf(turn);
      const signal = AbortSignal.timeout(MAX_ANSWER_MS);
      const [status, text] = await fetch(kind.url, { ...kind.init(turn), signal })
        .then(async (response) => [response.status, await response.text()] as const)
        .catch((error) => [599, String(error)] as const);
      const answer = `${kind.name}: ${status}`;
      answers[answer] = (answers[answer] ?? 0) + 1;
      const fault = faultOf(kind, turn, status, text);
      if (fault && wrong++ < 20) violations.push(`${kind.name} was answered with ${fault}`);
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
  const at = (time: "early" | "late") => ({ megabytes: megabytes[time], descriptors: descriptors[time] });
  violations.push(...growth(at("early"), at("late"), sent));
  if (sent < requests) violations.push(`only ${sent} of ${requests} requests were sent in ${seconds} s`);
  const complaints = server.written.split("\n").filter((line) => /"level":"(WARN|ERROR|FATAL)"/.test(line));
  violations.push(...complaints.slice(0, 5).map((line) => `logged: ${line.slice(0, 300)}`));
  return { sent, abandoned, wrong, seconds: took, answers, megabytes, descriptors, violations };
}

/** In words what is wrong with an answer: it must be the one to its question, and tell of nobody else. */
function faultOf(
  { status: expectedStatus, expected, person }: Kind,
  turn: number,
  status: number,
  text: string,
): string | undefined {
  if (status !== expectedStatus) return `${status} instead of ${expectedStatus}`;
  const missing = expected(turn).find((part) => !text.includes(part));
  if (missing !== undefined) return `nothing of ${missing}: ${text.slice(0, 300)}`;
  const others = person ? text.replaceAll(noteOf(person(turn)), "") : text;
  return others.includes(NOTE) ? `somebody else's notes: ${text.slice(0, 300)}` : undefined;
}

/** Everything that callers do, good and bad, each with what it is answered with; makes a note for each person. */
async function kindsOf(issuer: TestIssuer, origin: string): Promise<{ usual: Kind[]; costly: Kind[] }> {
  const url = `${origin}/mcp`;
  const iat = Math.floor(Date.now() / 1_000);
  const claims = { aud: url, iat, exp: iat + 3_600 };
  const tokenOf = (person: number, scope: string) =>
    issuer.token({ ...claims, sub: `person-${person}`, scope });
  const tokens = await Promise.all(Array.from({ length: PEOPLE }, async (_, person) => {
    const token = await tokenOf(person, "notes:write");
    const added = await fetch(
      new Request(url, toolCall("legacy", "add_note", { title: noteOf(person) }, { token })),
    );
    assert.match(await added.text(), /Added/);
    return await tokenOf(person, "notes:read");
  }));
  const expired = await issuer.token({ ...claims, scope: "notes:read", iat: iat - 7_200, exp: iat - 3_600 });
  const poor = await issuer.token({ ...claims, scope: "" });
  const person = (turn: number) => turn % PEOPLE;
  const tokenAt = (turn: number) => tokens[person(turn)]!;

  /** Makes the request once; what changes from turn to turn is its id and, where one is given, its token. */
  async function kind(
    name: string,
    status: number,
    request: Request,
    expected: readonly string[],
    { token, person }: { readonly token?: (turn: number) => string; readonly person?: Kind["person"] } = {},
  ): Promise<Kind> {
    const headers = Object.fromEntries(request.headers);
    const parts = (await request.text()).split(TURN);
    return {
      ...{ name, status, url },
      init: (turn) => ({
        method: "POST",
        headers: token ? { ...headers, authorization: `Bearer ${token(turn)}` } : headers,
        body: parts.join(String(turn)),
      }),
      expected: (turn) => expected.map((part) => part.replace(TURN, String(turn))),
      ...(person && { person }),
    };
  }

  function ofEra(era: Era): Promise<Kind>[] {
    const id = TURN;
    const its = `"id":"${TURN}"`;
    const of = (
      name: string,
      status: number,
      request: Request,
      expected: readonly string[],
      whose?: Parameters<typeof kind>[4],
    ) => kind(`${era} ${name}`, status, request, [its, ...expected], whose);
    const search = (query: unknown, options: RpcOptions = {}) =>
      toolCall(era, "search_notes", { query }, { id, ...options });
    const own = (options: RpcOptions = {}) => toolCall(era, "list_notes", {}, { id, ...options });
    const read = (method: string, params = {}) => rpc(era, method, params, { id });
    const found = (count: number, query: string, titles: string) =>
      `"${count} notes with \\"${query}\\": ${titles}"`;
    const signIn = `Sign in to use \\"Your notes\\"`;
    const greeting = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "soak", version: "1" },
    };
    return [
      of("search for rules", 200, search("rules"), [found(1, "rules", "House rules")]),
      of("search for nothing", 200, search(TURN), [found(0, TURN, "")]),
      of("search, signed in", 200, search("person"), ['"1 notes with \\"person\\": Note of person-'], {
        token: tokenAt,
        person,
      }),
      of("search, as a stream", 200, search("park", { headers: { accept: "text/event-stream" } }), [
        found(1, "park", "Where to park"),
      ]),
      of("search, bad token", 401, search("rules"), ["is not a signed JWT"], {
        token: (turn) => `invented-${turn}`,
      }),
      of("search, wrong arguments", 200, search(5), ["query must be text"]),
      of("own notes", 200, own(), ["The notes:\\nNote of person-"], { token: tokenAt, person }),
      of("own notes, no token", 401, own(), [signIn]),
      of("own notes, ChatGPT", 200, own({ headers: { "user-agent": "openai-mcp/1.0" } }), [signIn]),
      of("own notes, expired token", 401, own({ token: expired }), ["The token has expired"]),
      of("own notes, no scope", 403, own({ token: poor }), ["needs a permission"]),
      of("own notes, forged token", 401, own(), ["does not verify"], {
        token: (turn) => `${tokenAt(turn).slice(0, -4)}AAAA`,
      }),
      era === "legacy"
        ? of("greeting", 200, read("initialize", greeting), ['"protocolVersion":"2025-11-25"'])
        : of("greeting", 200, read("server/discover"), ['"supportedVersions":["2026-07-28"]']),
      of("tools", 200, read("tools/list"), ['"name":"search_notes"', '"name":"add_note"']),
      of("resources", 200, read("resources/list"), ['"uri":"ui://widget/own-notes.']),
      of("widget", 200, read("resources/read", { uri: "ui://widget/own-notes.html" }), ["<!doctype html>"]),
      of("unknown method", era === "legacy" ? 200 : 404, read("no/such/method"), ["-32601"]),
      kind(
        `${era} wrong origin`,
        403,
        rpc(era, "tools/list", {}, { headers: { origin: "https://evil.example" } }),
        ["Web pages of this origin"],
      ),
    ];
  }

  /** What is the same in every turn, its answer too. */
  const always = (name: string, status: number, path: string, init: RequestInit, expected: string): Kind => ({
    ...{ name, status, url: origin + path },
    init: () => init,
    expected: () => [expected],
  });
  const get = (name: string, status: number, path: string, accept: string, expected: string) =>
    always(name, status, path, { headers: { accept } }, expected);
  const post = (name: string, status: number, body: BodyInit, expected: string, type = JSON_TYPE) =>
    always(name, status, "/mcp", { method: "POST", body, headers: { "content-type": type } }, expected);
  const ping = (part: number) => `{"jsonrpc":"2.0","id":"${TURN}-${part}","method":"ping"}`;
  return {
    usual: await Promise.all([
      ...ERAS.flatMap(ofEra),
      post("garbage", 400, `{"jsonrpc":${"[".repeat(300)}`, "-32700"),
      post("not UTF-8", 400, new Uint8Array([0x22, 0xff, 0x22]), "-32700"),
      post("too deep", 400, "[".repeat(5_000) + "]".repeat(5_000), "64 levels"),
      post("an empty batch", 400, "[]", "The batch is empty"),
      kind(
        "a batch",
        200,
        new Request(url, {
          method: "POST",
          body: `[${[1, 2, 3].map(ping)}]`,
          headers: { "content-type": JSON_TYPE },
        }),
        [1, 2, 3].map((part) => `"id":"${TURN}-${part}"`),
      ),
      post("a form", 415, "a=b", "Content-Type: application/json", "application/x-www-form-urlencoded"),
      {
        ...get("a wrong host", 403, "/mcp", "*/*", "Host"),
        url: url.replace("127.0.0.1", "0.0.0.0"),
      },
      get("the start page", 200, "/", "text/html", "<title>Notes</title>"),
      get("GET of the endpoint", 405, "/mcp", "text/event-stream", "Method not allowed"),
      get("the metadata", 200, "/.well-known/oauth-protected-resource/mcp", "*/*", `{"resource":"${url}"`),
      get("health", 200, "/health", "*/*", '{"status":"ok"}'),
      get("readiness", 200, "/ready", "*/*", '{"keys":"ok","app":"ok"}'),
    ]),
    costly: await Promise.all([
      post("a large body", 400, JSON.stringify({ x: "x".repeat(300_000) }), "not a valid JSON-RPC message"),
      post("too large a body", 413, new Uint8Array(1_100_000), "larger than 1048576 bytes"),
      post("too many values", 400, JSON.stringify(Array(15).fill(Array(1_000).fill(0))), "10000 values"),
      get("a mistyped page", 404, `/${"a".repeat(4_000)}/nothing`, "text/html", "nothing at this address"),
      {
        ...{ name: "a body in pieces", status: 200, url },
        init: (turn) => ({
          method: "POST",
          body: inPieces(`{"jsonrpc":"2.0","id":"${turn}","method":"tools/list"}`),
          headers: { "content-type": JSON_TYPE },
        }),
        expected: (turn) => [`"id":"${turn}"`, '"name":"search_notes"'],
      },
    ]),
  };
}

function inPieces(text: string): ReadableStream<Uint8Array> {
  return ReadableStream.from([...text].map((letter) => new TextEncoder().encode(letter)));
}

/** A caller who goes away: before the answer, in the middle of it, or in the middle of the upload. */
async function abandon({ url, init }: Kind, turn: number, port: number): Promise<void> {
  const when = turn % 3;
  try {
    if (when === 0) {
      const caller = new AbortController();
      const answer = fetch(url, { ...init(turn), signal: caller.signal });
      queueMicrotask(() => caller.abort());
      await (await answer).body?.cancel();
    } else if (when === 1) {
      const caller = new AbortController();
      const response = await fetch(url, { ...init(turn), signal: caller.signal });
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
  const report = await soak({ requests: option("requests", 1_000_000), seconds: option("seconds", 360) });
  const { sent, abandoned, wrong, seconds, megabytes, descriptors, violations } = report;
  for (const [answer, count] of Object.entries(report.answers).toSorted()) {
    console.log(`${count}`.padStart(8), answer);
  }
  console.log(
    `${sent} requests, ${abandoned} of them given up, ${wrong} answered wrongly, in ${Math.round(seconds)} s`,
  );
  console.log(`memory: ${megabytes.early} MB early, ${megabytes.late} late, ${megabytes.highest} at most`);
  console.log(
    `file descriptors: ${descriptors.early} early, ${descriptors.late} late, ${descriptors.highest} at most`,
  );
  for (const violation of violations) console.log(`VIOLATION: ${violation}`);
  console.log(violations.length === 0 ? "All is well." : `${violations.length} violations.`);
  Deno.exit(violations.length === 0 ? 0 : 1);
}
