import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { defineApp, definePrompt, defineResource, mixed, signedIn, ToolError } from "../../src/mod.ts";
import { defineTool } from "../../src/mcp/tool.ts";
import conformanceApp from "../conformance_app.ts";
import { createTestServer, type Era, ERAS, NOW, RESOURCE, TestIssuer } from "../support.ts";
import { tinyApp, tool, WIDGET } from "../tiny_app.ts";

/** Requests of each kind; with a fixed seed, so that every run asks the same. */
const RUNS = 1_000;
const SEED = 20261124;

const done = { data: { answer: "yes" }, text: "yes" };
const arguing = defineTool({
  ...{ name: "arguing", title: "Arguing", description: "For tests.", access: mixed("notes:read") },
  input: z.strictObject({ word: z.string().max(10).default("none"), many: z.array(z.int()).optional() }),
  output: z.object({ word: z.string(), caller: z.string().optional() }),
  ...{ invoking: "Running", invoked: "Done" },
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  run: ({ word }, { caller }) => ({
    data: { word, ...(caller && { caller: caller.subject }) },
    text: word,
    meta: { word },
  }),
});
const tools = [
  arguing,
  tool("own", () => done, signedIn("notes:read")),
  tool("asking", async (_, { confirm }) => {
    await confirm("Sure?");
    return done;
  }),
  tool(
    "moving",
    (_, { progress }) => {
      progress(1, 2, "half");
      return done;
    },
    undefined,
    { progress: true },
  ),
  tool("sorry", () => Promise.reject(new ToolError("Not today."))),
  tool("broken", () => Promise.reject(new Error("on purpose"))),
];
const access = signedIn("notes:read");
const described = { title: "Own", description: "For tests.", access };

/** What every kind of request can be about, open and not. */
const app = defineApp({
  ...tinyApp(tools),
  async open(deps) {
    const { resources = [], prompts = [] } = await conformanceApp.open(deps as never);
    const own = defineResource({
      ...{ ...described, name: "own", uri: "test://own" },
      read: () => ({ text: "own" }),
    });
    const ownPrompt = definePrompt({ ...described, name: "own_prompt", get: () => "own" });
    return { tools, resources: [...resources, own], prompts: [...prompts, ownPrompt] };
  },
});

/** Params as hosts send them, by method; `initialize` has its own revision in them. */
const WIDGET_URI = WIDGET.descriptor.uri!;
const clientInfo = { name: "test", version: "1", title: "Test" };
const capabilities = {
  roots: { listChanged: true },
  sampling: {},
  elicitation: { form: {} },
  extensions: { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } },
};
const REQUESTS: readonly (readonly [string, Record<string, unknown>])[] = [
  ...tools.map(({ name }) => ["tools/call", { name, arguments: {} }] as const),
  ["tools/call", { name: "arguing" }],
  ["tools/call", { name: "arguing", arguments: { word: "a word" } }],
  ["tools/call", { name: "arguing", arguments: { word: 5, wrod: "x" } }],
  ["tools/call", { name: "nothing", arguments: {} }],
  ...["tools/list", "resources/list", "resources/templates/list", "prompts/list"].map((method) =>
    [method, {}] as const
  ),
  ["resources/read", { uri: WIDGET_URI }],
  ["resources/read", { uri: WIDGET_URI.replace(/[^.]*\.html/, "9.html") }],
  ["resources/read", { uri: "test://static-text" }],
  ["resources/read", { uri: "test://template/7/data" }],
  ["resources/read", { uri: "test://own" }],
  ["resources/read", { uri: "test://nothing" }],
  ["prompts/get", { name: "test_simple_prompt" }],
  ["prompts/get", { name: "test_prompt_with_arguments", arguments: { arg1: "a", arg2: "b" } }],
  ["prompts/get", { name: "own_prompt" }],
  ["completion/complete", {
    ref: { type: "ref/prompt", name: "test_prompt_with_arguments" },
    argument: { name: "arg1", value: "par" },
  }],
  ["completion/complete", {
    ref: { type: "ref/resource", uri: "test://template/{id}/data" },
    argument: { name: "id", value: "" },
  }],
  ["server/discover", {}],
  ["initialize", { protocolVersion: "2025-11-25", capabilities, clientInfo }],
  ["initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo }],
  ["ping", {}],
  ["notifications/initialized", {}],
  ["subscriptions/listen", {}],
  ["logging/setLevel", { level: "info" }],
  ["unknown/method", {}],
];

const PREFIX = "io.modelcontextprotocol/";
const MODERN = "2026-07-28";
type Json = { [name: string]: unknown };

/** A request as it goes over the wire. */
interface Wire {
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

function wellFormed(era: Era, [method, params]: (typeof REQUESTS)[number], token: string | undefined): Wire {
  const name = params["name"] ?? params["uri"];
  const modern = era === "modern";
  const _meta = { [`${PREFIX}protocolVersion`]: MODERN, [`${PREFIX}clientCapabilities`]: capabilities };
  return {
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(modern && { "mcp-protocol-version": MODERN, "mcp-method": method }),
      ...(modern && typeof name === "string" && { "mcp-name": name }),
    },
    body: { jsonrpc: "2.0", id: 1, method, params: modern ? { ...params, _meta } : params },
  };
}

/** Values that may stand where others are expected; undefined takes the member away. */
const odd = fc.oneof(
  fc.constantFrom<unknown[]>(
    ...[undefined, null, true, 0, -1, 1.5, 2 ** 53, "", "2.0", "1", [], {}, [[]], { a: {} }],
    ...[
      "x".repeat(3_000),
      "\u0000\ud800é",
      "__proto__",
      "constructor",
      "toString",
      "2024-10-07",
      "2025-03-26",
      MODERN,
    ],
    ...["9999-01-01", capabilities, clientInfo, { name: 5, version: "1" }, {
      name: "a",
      version: "1",
      icons: [],
    }],
  ),
  fc.jsonValue({ maxDepth: 3 }),
);
const oddHeader = fc.oneof(
  fc.constantFrom(
    ...["", "*/*", "application/json", "text/event-stream", "text/plain", "application/octet-stream", "2.0"],
    ...["2025-11-25", "2025-06-18", "2024-11-05", MODERN, "1999-01-01", `${MODERN}, ${MODERN}`],
    ...["tools/call", "tools/list", "TOOLS/CALL", "arguing", "own", " arguing ", "=?base64?YXJndWluZw==?="],
    ...["application/json; charset=utf-8", "Bearer", "Bearer nonsense", "Basic YTpi", "x".repeat(2_000)],
  ),
  fc.string({ unit: "grapheme-ascii", maxLength: 20 }).map((text) => text.trim()),
);

/** Where something can be put: at these names below the body, or in a header. */
const PLACES: readonly (readonly string[])[] = [
  ...["jsonrpc", "id", "method", "params", "result", "error", "extra", "__proto__"].map((name) => [name]),
  ...["name", "arguments", "uri", "cursor", "_meta", "task", "extra", "protocolVersion", "capabilities"],
  ...["clientInfo", "ref", "argument", "context", "level", "inputResponses", "requestState", "__proto__"],
].map((place) => typeof place === "string" ? ["params", place] : place).concat(
  ["protocolVersion", "clientCapabilities", "clientInfo", "logLevel", "invented", "related-task"].map((
    name,
  ) => [
    ...["params", "_meta", `${PREFIX}${name}`],
  ]),
  [["params", "_meta", "progressToken"], ["params", "_meta", "openai/subject"], [
    "params",
    "_meta",
    "traceparent",
  ]],
  ["roots", "sampling", "elicitation", "tasks", "extensions", "experimental", "extra"].flatMap((name) => [
    ["params", "_meta", `${PREFIX}clientCapabilities`, name],
    ["params", "capabilities", name],
  ]),
  ["form", "url", "listChanged", "tools", "context"].flatMap((name) =>
    ["roots", "sampling", "elicitation"].map((parent) => [
      ...["params", "_meta", `${PREFIX}clientCapabilities`, parent, name],
    ])
  ),
  [["params", "clientInfo", "name"], ["params", "clientInfo", "icons"], ["params", "arguments", "word"]],
);
const HEADERS = [
  ...["mcp-protocol-version", "mcp-method", "mcp-name", "accept", "content-type", "authorization"],
  ...["mcp-session-id", "last-event-id", "user-agent", "origin", "content-encoding", "mcp-param-word"],
];

type Change = (wire: Wire) => Wire;
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...PLACES), odd).map(([path, value]) => put(path, value)),
  },
  fc.tuple(fc.constantFrom(...HEADERS), fc.option(oddHeader, { nil: undefined })).map(([name, value]) =>
    putHeader(name, value)
  ),
);

function put(path: readonly string[], value: unknown): Change {
  return ({ headers, body }) => {
    const copy = structuredClone(body) as Json;
    let parent = copy;
    for (const name of path.slice(0, -1)) {
      const child = Object.hasOwn(parent, name) ? parent[name] : undefined;
      const isObject = typeof child === "object" && child !== null && !Array.isArray(child);
      parent = (isObject ? child : define(parent, name, {})) as Json;
    }
    define(parent, path.at(-1)!, value);
    return { headers, body: copy };
  };
}

/** As `JSON.parse` does it: a member called `__proto__` is one like any other. */
function define(parent: Json, name: string, value: unknown): unknown {
  Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
  return value;
}

function putHeader(name: string, value: string | undefined): Change {
  return ({ headers: { [name]: _, ...others }, body }) => ({
    headers: { ...others, ...(value !== undefined && { [name]: value }) },
    body,
  });
}

const issuer = await TestIssuer.create();
const TOKENS = [undefined, await issuer.token(), await issuer.token({ scope: "other" }), "nonsense"];
const request = fc.constantFrom(...REQUESTS);
const era = fc.constantFrom(...ERAS);
const token = fc.constantFrom(...TOKENS);
const valid = fc.tuple(era, request, token).map((parts) => wellFormed(...parts));
const changed = (most: number) =>
  fc.tuple(valid, fc.array(change, { minLength: 1, maxLength: most }))
    .map(([wire, changes]) => changes.reduce((wire, change) => change(wire), wire));

const KINDS: Record<string, fc.Arbitrary<Wire>> = {
  "as hosts send them": fc.tuple(valid, fc.constantFrom<unknown[]>(0, 7, "seven", "", '\u2028"\\'))
    .map(([wire, id]) => put(["id"], id)(wire)),
  "with one thing wrong": changed(1),
  "with several things wrong": changed(5),
  "in batches": fc.tuple(fc.array(changed(1), { maxLength: 4 }), valid)
    .map(([wires, { headers }]) => ({ headers, body: wires.map(({ body }) => body) })),
  "of any JSON": fc.tuple(valid, fc.jsonValue({ maxDepth: 4 })).map(([{ headers }, body]) => ({
    headers,
    body,
  })),
};

const options = { app, fetch: issuer.fetch as typeof fetch, now: () => NOW, rateLimitPerMinute: Infinity };
const lanes = await Promise.all(
  [false, true].map(async (sdkOnly) => (await createTestServer({ ...options, sdkOnly })).server),
);

for (const [kind, wire] of Object.entries(KINDS)) {
  Deno.test(`requests ${kind} get the same status, headers and body from both lanes`, async () => {
    const property = fc.asyncProperty(wire, async (wire) => {
      const [plain, sdk] = await Promise.all(lanes.map((lane) => answerOf(lane, wire)));
      assert.deepEqual(plain, sdk);
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  });
}

async function answerOf(server: (typeof lanes)[number], { headers, body }: Wire) {
  const response = await server.request(RESOURCE, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await response.text();
  const messages = [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => data!);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    messages: (messages.length > 0 || text === "" ? messages : [text]).map(parse),
  };
}

/** What a question is sealed with, each server makes up. */
function parse(text: string): unknown {
  return JSON.parse(text, (name, value) => name === "requestState" ? typeof value : value);
}
