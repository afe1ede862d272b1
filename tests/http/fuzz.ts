import fc from "fast-check";
import assert from "node:assert/strict";
import { type Footprint, footprint, freePort, growth, LIBRARY, startProcess } from "../real/process.ts";
import { type Era, ERAS, rpc, type RpcOptions, TestIssuer, toolCall } from "../support.ts";

/** What every answer may be longer than twice its request. */
const MAX_SURPLUS = 64 * 1024;
/** An answer that takes longer counts as missing. */
const MAX_ANSWER_MS = 30_000;

/** Requests that the server answers with 200, which the fuzzer then breaks. */
function validRequests(era: Era, options: RpcOptions): Request[] {
  const clientInfo = { name: "fuzzer", version: "1" };
  return [
    era === "legacy"
      ? rpc(era, "initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo }, options)
      : rpc(era, "server/discover", {}, options),
    ...["tools/list", "resources/list", "resources/templates/list", "prompts/list"].map((method) =>
      rpc(era, method, {}, options)
    ),
    toolCall(era, "hello", {}, options),
    rpc(era, "resources/read", { uri: "library://books/1" }, options),
    rpc(era, "resources/read", { uri: "library://loans" }, options),
    rpc(era, "prompts/get", { name: "summarize", arguments: { topic: "poetry" } }, options),
    rpc(era, "completion/complete", {
      ref: { type: "ref/resource", uri: "library://letters/{year}/{id}" },
      argument: { name: "id", value: "1" },
      context: { arguments: { year: "2025" } },
    }, options),
  ];
}

/** A request as text: what a mutation changes. */
interface Draft {
  readonly headers: Record<string, string>;
  readonly body: string;
}

type Mutate = (draft: Draft) => Draft;

const HEADERS = [
  ...["authorization", "accept", "content-type", "content-encoding", "content-length", "origin", "host"],
  ...["mcp-protocol-version", "mcp-method", "mcp-name", "mcp-session-id", "last-event-id", "user-agent"],
];
/** Words of the protocol, and values that parsers trip over. */
const VALUE = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      "tools/call",
      "2025-11-25",
      "2026-07-28",
      "1999-01-01",
      "__proto__",
      "constructor",
      "",
      "\u0000",
      "\ud800",
    ],
    ...[null, true, 0, -1, 1.5, 2 ** 53, [], {}, [[]], { _meta: {} }, "x".repeat(5_000)],
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Puts a value, or nothing, at a place of a JSON text. */
const anywhere: fc.Arbitrary<Mutate> = fc.tuple(fc.nat(), fc.option(VALUE, { nil: undefined })).map(
  ([place, value]) => ({ headers, body }) => {
    try {
      const root = { body: JSON.parse(body) };
      const places: [Record<string, unknown>, string][] = [];
      const visit = (parent: object) => {
        for (const [name, child] of Object.entries(parent)) {
          places.push([parent as Record<string, unknown>, name]);
          if (typeof child === "object" && child !== null) visit(child);
        }
      };
      visit(root);
      const [parent, name] = places[place % places.length]!;
      parent[name] = value;
      return { headers, body: JSON.stringify(root.body) ?? "" };
    } catch {
      return { headers, body };
    }
  },
);
/** Cuts a piece out of the text, and puts another in. */
const splice: fc.Arbitrary<Mutate> = fc.tuple(
  fc.nat(),
  fc.nat(20),
  fc.string({ unit: "binary", maxLength: 20 }),
).map(
  ([at, length, text]) => ({ headers, body }) => {
    const start = at % (body.length + 1);
    return { headers, body: body.slice(0, start) + text + body.slice(start + length) };
  },
);
/** Sends it several times in one batch. */
const batch: fc.Arbitrary<Mutate> = fc.integer({ min: 1, max: 25 }).map(
  (count) => ({ headers, body }) => ({ headers, body: `[${Array(count).fill(body).join(",")}]` }),
);
const header: fc.Arbitrary<Mutate> = fc.tuple(
  fc.constantFrom(...HEADERS),
  fc.option(fc.string({ unit: "grapheme-ascii", maxLength: 40 }), { nil: undefined }),
).map(([name, value]) => ({ headers: { [name]: _, ...headers }, body }) => ({
  headers: value === undefined ? headers : { ...headers, [name]: value },
  body,
}));
const MUTATIONS = fc.array(fc.oneof(anywhere, anywhere, splice, batch, header), {
  minLength: 1,
  maxLength: 4,
});

/** Sends the text as a POST to the endpoint. */
type Post = (init: RequestInit & Draft) => Promise<Response>;

/**
 * Breaks valid requests of both eras, with and without a token, and looks at the answers: the fault is the sender's,
 * nothing of ours shows, and no small request makes a large answer.
 *
 * @param post To the app of books.
 * @param token That it takes.
 * @param count Of requests.
 * @param seed The same one makes the same requests.
 * @throws Error with the shortest request that it finds, when an answer is not as it should be.
 */
export async function fuzz(
  { post, token, count, seed }: {
    readonly post: Post;
    readonly token: string;
    readonly count: number;
    readonly seed: number;
  },
): Promise<void> {
  const valid = ERAS.flatMap((era) => [undefined, token].flatMap((token) => validRequests(era, { token })));
  const drafts = await Promise.all(valid.map(async (request): Promise<Draft> => ({
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  })));
  const property = fc.asyncProperty(fc.constantFrom(...drafts), MUTATIONS, async (draft, mutations) => {
    const { headers, body } = mutations.reduce((changed, mutate) => mutate(changed), draft);
    const response = await post({ method: "POST", headers, body });
    const text = await response.text();
    const shown = `${response.status} ${text}\nto ${JSON.stringify(headers)}\n${body}`;
    assert.ok(response.status < 500, shown);
    assert.ok(text.length <= 2 * body.length + MAX_SURPLUS, shown);
    assert.doesNotMatch(text, /\bat .*\.ts:\d+|\/srv\/|node_modules|file:\/\//, shown);
    for (const { error } of answersIn(response, text)) assert.notEqual(error?.code, -32603, shown);
  });
  await fc.assert(property, { numRuns: count, seed });
}

export interface FuzzReport {
  readonly requests: number;
  readonly seconds: number;
  /** Once a fifth of the requests has warmed it up. */
  readonly early: Footprint;
  readonly late: Footprint;
  /** What should not have been; empty when all is well. */
  readonly violations: readonly string[];
}

/**
 * The same against a server process, which must not grow, log an error of its own, or end.
 *
 * @throws Error as `fuzz`, also when an answer does not come.
 */
export async function fuzzProcess(count: number, seed: number): Promise<FuzzReport> {
  const issuerPort = freePort();
  const issuer = await TestIssuer.create(`http://127.0.0.1:${issuerPort}`);
  await using _issuer = Deno.serve(
    { port: issuerPort, hostname: "127.0.0.1", onListen: () => {} },
    issuer.fetch,
  );
  const port = freePort();
  const endpoint = `http://127.0.0.1:${port}/mcp`;
  await using server = startProcess({
    PORT: String(port),
    AUTHORIZATION_SERVER_URL: issuer.issuer,
    RESOURCE_SERVER_URL: endpoint,
    RATE_LIMIT_PER_MINUTE: "1000000",
  }, { args: LIBRARY });
  await server.wrote("Listening on");

  const iat = Math.floor(Date.now() / 1_000);
  const token = await issuer.token({ aud: endpoint, iat, exp: iat + 86_400 });
  let requests = 0;
  let early = await footprint(server);
  const post: Post = async ({ headers: { "content-length": _, ...headers }, ...init }) => {
    if (++requests === Math.ceil(count / 5)) early = await footprint(server);
    return await fetch(endpoint, { ...init, headers, signal: AbortSignal.timeout(MAX_ANSWER_MS) });
  };
  const started = performance.now();
  await fuzz({ post, token, count, seed });
  const seconds = (performance.now() - started) / 1_000;
  const late = await footprint(server);
  server.terminate();
  const code = await server.exitCode;
  const errors = server.written.split("\n").filter((line) => /"level":"(ERROR|FATAL)"/.test(line));
  const violations = [
    ...growth(early, late, requests),
    ...(code === 0 ? [] : [`the exit code is ${code}`]),
    ...errors.slice(0, 5).map((line) => `logged: ${line.slice(0, 300)}`),
  ];
  return { requests, seconds, early, late, violations };
}

/** The JSON-RPC messages of an answer. */
function answersIn(response: Response, text: string): { readonly error?: { readonly code: number } }[] {
  return response.headers.get("content-type")?.startsWith("application/json")
    ? [JSON.parse(text)].flat()
    : [];
}

if (import.meta.main) {
  const [count = "100000", seed = String(Date.now())] = Deno.args;
  const { requests, seconds, early, late, violations } = await fuzzProcess(Number(count), Number(seed));
  for (const violation of violations) console.log(`VIOLATION: ${violation}`);
  console.log(
    `${requests} broken requests (seed ${seed}) in ${Math.round(seconds)} s: 0 answered 5xx, ` +
      `${Math.round(early.megabytes)} MB after the first fifth, ${Math.round(late.megabytes)} at the end, ` +
      `${early.descriptors} file descriptors, ${late.descriptors} at the end.`,
  );
  Deno.exit(violations.length === 0 ? 0 : 1);
}
