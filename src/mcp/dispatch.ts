import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Logger } from "@logtape/logtape";
import type { Principal } from "../auth/principal.ts";
import type { App } from "./app.ts";
import { asksTooMuch, type Seal } from "./confirm.ts";
import type { Deadline } from "../net/deadline.ts";
import { acceptsJson, asEventStream, wantsProgress } from "./event_stream.ts";
import { type Admission, type Admitted, type Gate, targetOf } from "./gate.ts";
import { isObject, type Message, META_PREFIX as PREFIX, resultMessage, type ServerInfo } from "./json_rpc.ts";
import type { Refusal } from "./refusal.ts";
import type { CreateTokenFor } from "./token_for.ts";
import { callTool, dataAsJson, type OnFailure, type ToolResult } from "./tool.ts";

/** A POST of the MCP endpoint: its body is parsed and its token verified. */
export interface Incoming {
  /** Its body has been read. */
  readonly request: Request;
  readonly body: unknown;
  /** The messages in `body`. */
  readonly messages: readonly Message[];
  readonly principal: Principal | undefined;
  /** Of the request, which a tool extends by its own. */
  readonly deadline: Deadline;
  /** Writes the answer to a request that is refused. */
  readonly refuse: (refusal: Refusal) => Response;
}

/** Answers a request: applies the access policy, runs what it aims at, and writes the answer. */
export type Dispatch = (incoming: Incoming) => Promise<Response>;

/** Answers by way of the SDK. @param admission What the gate has said, if it was asked already. */
export type SdkLane = (incoming: Incoming, admission?: Admission) => Promise<Response>;

/** What answers are made of. */
export interface DispatchOptions {
  readonly app: App;
  readonly serverInfo: ServerInfo;
  readonly gate: Gate;
  readonly onFailure: OnFailure;
  readonly log: Logger;
  readonly seal: Seal;
  /** How often an event stream that has nothing to say shows that it is alive, in milliseconds. */
  readonly keepAliveMs: number;
  /** For tools that call other APIs on behalf of the caller. */
  readonly tokenFor?: CreateTokenFor | undefined;
  /** Lets the SDK answer everything: for tests that compare the two lanes. */
  readonly sdkOnly?: boolean | undefined;
}

/**
 * Serves both eras on one URL, stateless. What hosts send all day, plain requests of one message, is answered here:
 * tools are called, and answers that never change are remembered. Everything else goes to the official SDK, which is
 * loaded when first needed. Both lanes apply the same gate and run tools by the same function.
 */
export function createDispatch(options: DispatchOptions): Dispatch {
  let sdk: Promise<SdkLane> | undefined;
  const loadSdk = async () => (await import("./sdk_lane.ts")).createSdkLane(options);
  const sdkLane: SdkLane = async (...asked) => await (await (sdk ??= loadSdk()))(...asked);
  const answer: Dispatch = options.sdkOnly
    ? (incoming) => sdkLane(incoming)
    : createPlainLane(options, sdkLane);
  return (incoming) =>
    acceptsJson(incoming.request) ? answer(incoming) : answer(incoming).then(asEventStream);
}

function createPlainLane(
  { serverInfo, gate, onFailure, log, seal, tokenFor }: DispatchOptions,
  sdkLane: SdkLane,
): Dispatch {
  const fixed = createFixedAnswers();
  return async (incoming) => {
    const { request, body, messages, principal, refuse } = incoming;
    const [message] = messages;
    const plain = messages.length === 1 && message && plainRequest(request.headers, body, message);
    if (!plain) return await sdkLane(incoming);
    const admission = gate(messages, principal);
    if (admission.refusal) return refuse(admission.refusal);
    const target = admission.admitted.get(targetOf(plain.method, message.params) ?? "");
    if (target?.tool) {
      const { tool, caller } = target;
      if (tool.progress && wantsProgress(request, messages)) return await sdkLane(incoming, admission);
      incoming.deadline.extend(tool.timeLimitMs);
      const result = await callTool(tool, plain.args, {
        ...{ caller, message, log, seal },
        signals: () => endings(incoming, message.modern),
        tokenFor: tool.upstream ? tokenFor?.(request, tool, caller) : undefined,
      }, onFailure);
      // Let the SDK say what the client would have to declare; it runs the tool anew, as every question does.
      if (asksTooMuch(result, message)) return await sdkLane(incoming, admission);
      return toolAnswer(message, result, serverInfo);
    }
    if (!isFixed(plain, target)) return await sdkLane(incoming, admission);
    return fixed.get(plain, message.modern) ??
      await fixed.remember(plain, message.modern, await sdkLane(incoming, admission));
  };
}

/** Lists and who the server is are the same for everybody (conflict C9), and so is what an address of a widget holds. */
function isFixed({ method, subject }: PlainRequest, target: Admitted | undefined): boolean {
  if (method === "tools/call") return false;
  if (method !== "resources/read") return true;
  // A widget has one current address and any number of older ones.
  return target?.resource?.fixed === true && target.resource.descriptor.uri === subject;
}

/** In the modern era a caller that hangs up has cancelled; in the legacy era it has not (TRN-12). */
export function endings({ request, deadline }: Incoming, modern: boolean): AbortSignal[] {
  return modern ? [deadline.signal, request.signal] : [deadline.signal];
}

/** Revisions of the legacy era that the SDK accepts in `MCP-Protocol-Version`. */
export const LEGACY_REVISIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07"];
const MODERN_REVISION = "2026-07-28";

/** A request whose every part is as the protocol wants it, so that no protocol error can come of it. */
interface PlainRequest {
  readonly id: string | number;
  readonly method: string;
  /** What it is about: the name of a tool, the URI of a resource, the revision that `initialize` asks for, or nothing. */
  readonly subject: string;
  /** Of `tools/call`. */
  readonly args: Readonly<Record<string, unknown>> | undefined;
}

/** The requests that hosts send all day; of each, the members of `params` that may be there besides `_meta`. */
const PARAMS: ReadonlyMap<string | undefined, readonly string[]> = new Map([
  ["tools/call", ["name", "arguments"]],
  ["resources/read", ["uri"]],
  ["tools/list", []],
  ["resources/list", []],
  ["resources/templates/list", []],
  ["prompts/list", []],
  ["server/discover", []],
  ["initialize", ["protocolVersion", "capabilities", "clientInfo"]],
  ["ping", []],
]);
const MODERN_ONLY = ["server/discover"];
const LEGACY_ONLY = ["initialize", "ping"];
const MODERN_META = ["protocolVersion", "clientCapabilities", "clientInfo"].map((name) => PREFIX + name);

/**
 * Recognises a plain request of either era. Undefined means nothing but: let the SDK look at it, whose judgement of
 * everything unusual is final.
 */
export function plainRequest(
  headers: Headers,
  body: unknown,
  { id, method, params, meta, modern }: Message,
): PlainRequest | undefined {
  const allowed = PARAMS.get(method);
  if (!allowed || !isObject(body) || body["jsonrpc"] !== "2.0") return undefined;
  if ((modern ? LEGACY_ONLY : MODERN_ONLY).includes(method!)) return undefined;
  if (id === undefined || (typeof id === "number" && !Number.isSafeInteger(id))) return undefined;
  for (const name in body) if (!["jsonrpc", "id", "method", "params"].includes(name)) return undefined;
  if (body["params"] !== undefined && !isObject(body["params"])) return undefined;
  for (const name in params) if (name !== "_meta" && !allowed.includes(name)) return undefined;
  if (params["_meta"] !== undefined && !isObject(params["_meta"])) return undefined;
  const { arguments: args } = params;
  if (args !== undefined && !isObject(args)) return undefined;
  const subject = subjectOf(method!, params);
  if (subject === undefined) return undefined;
  const isPlain = modern ? isPlainModern(headers, method!, subject, meta) : isPlainLegacy(headers, meta);
  return isPlain ? { id, method: method!, subject, args } : undefined;
}

function subjectOf(method: string, params: Message["params"]): string | undefined {
  if (method === "initialize") {
    const { protocolVersion, capabilities, clientInfo } = params;
    const isPlain = LEGACY_REVISIONS.includes(protocolVersion as string) &&
      isPlainCapabilities(capabilities) &&
      clientInfo !== undefined && isPlainInfo(clientInfo);
    return isPlain ? protocolVersion as string : undefined;
  }
  const subject = method === "tools/call" ? params["name"] : method === "resources/read" ? params["uri"] : "";
  return typeof subject === "string" ? subject : undefined;
}

function isPlainLegacy(headers: Headers, meta: Message["meta"]): boolean {
  const version = headers.get("mcp-protocol-version");
  return (version === null || LEGACY_REVISIONS.includes(version)) &&
    isPlainMeta(meta, []);
}

function isPlainModern(headers: Headers, method: string, subject: string, meta: Message["meta"]): boolean {
  return headers.get("mcp-protocol-version") === MODERN_REVISION &&
    headers.get("mcp-method") === method && (headers.get("mcp-name") ?? "") === subject &&
    meta[`${PREFIX}protocolVersion`] === MODERN_REVISION &&
    isPlainCapabilities(meta[`${PREFIX}clientCapabilities`]) &&
    isPlainInfo(meta[`${PREFIX}clientInfo`]) && isPlainMeta(meta, MODERN_META);
}

/** No capability of the client matters to these requests, so only those are plain that surely fit the schema. */
function isPlainCapabilities(capabilities: unknown): boolean {
  return isObject(capabilities) && Object.entries(capabilities).every(([name, value]) => {
    if (!isObject(value)) return false;
    if (name === "roots") {
      return Object.entries(value).every(([key, flag]) => key === "listChanged" && typeof flag === "boolean");
    }
    if (!Object.values(value).every(isObject)) return false;
    if (name === "extensions" || name === "experimental") return true;
    const isEmpty = Object.values(value).every((inner) => Object.keys(inner as object).length === 0);
    return (name === "elicitation" || name === "sampling") && isEmpty;
  });
}

function isPlainInfo(info: unknown): boolean {
  if (info === undefined) return true;
  return isObject(info) && typeof info["name"] === "string" && typeof info["version"] === "string" &&
    Object.entries(info).every(([key, value]) =>
      ["name", "version", "title"].includes(key) && typeof value === "string"
    );
}

/** The protocol's own keys have schemas; only those of `known` are looked at here. */
function isPlainMeta(meta: Message["meta"], known: readonly string[]): boolean {
  for (const key in meta) if (key.startsWith(PREFIX) && !known.includes(key)) return false;
  const { progressToken } = meta;
  return progressToken === undefined || typeof progressToken === "string" ||
    Number.isSafeInteger(progressToken);
}

/** The answer to the call of a tool. Its data is in there twice, also as a text, and becomes JSON once. */
function toolAnswer(message: Message, result: ToolResult, serverInfo: ServerInfo): Response {
  const { structuredContent, ...rest } = result as CallToolResult;
  const json = JSON.stringify(resultMessage(message, rest, serverInfo));
  const data = structuredContent === undefined ? "" : `,"structuredContent":${dataAsJson(structuredContent)}`;
  return jsonResponse(`${json.slice(0, -2)}${data}}}`);
}

function jsonResponse(json: string): Response {
  return new Response(json, { headers: { "content-type": "application/json" } });
}

/**
 * The results of requests whose answers never change while the server runs: lists, widgets, and who the server is. The
 * SDK makes each of them once. There are as many as the app has lists and widgets: nothing that a caller makes up may
 * be remembered.
 */
interface FixedAnswers {
  /** The whole answer, if the same was asked before. */
  get(request: PlainRequest, modern: boolean): Response | undefined;
  /** Remembers what the SDK has answered, and gives the answer in the same bytes as all later ones. */
  remember(request: PlainRequest, modern: boolean, response: Response): Promise<Response>;
}

/** Makes an empty memory of fixed answers. */
function createFixedAnswers(): FixedAnswers {
  const results = new Map<string, string>();
  const keyOf = ({ method, subject }: PlainRequest, modern: boolean) => `${modern} ${method} ${subject}`;
  const answer = (id: string | number, result: string) =>
    jsonResponse(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`);
  return {
    get(request, modern) {
      const result = results.get(keyOf(request, modern));
      return result === undefined ? undefined : answer(request.id, result);
    },
    async remember(request, modern, response) {
      if (response.status !== 200) return response;
      const message = await response.json() as { result?: unknown };
      if (message.result === undefined) return Response.json(message);
      const result = JSON.stringify(message.result);
      results.set(keyOf(request, modern), result);
      return answer(request.id, result);
    },
  };
}
