import { isLoopback } from "../../net/loopback.ts";
import { NotExamined } from "./errors.ts";
import { type JsonObject, listOf, objectOf, stringsOf } from "./json.ts";
import { type Answer, createSend, type Send } from "./send.ts";

/** How one MCP request differs from what a client would send. */
export interface AskOptions {
  readonly token?: string;
  /** Win over those of the client. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Joined to `params._meta`. */
  readonly meta?: JsonObject;
}

/** Asks one JSON-RPC method. @throws NoAnswer */
export type Ask = (method: string, params?: JsonObject, options?: AskOptions) => Promise<Answer>;

/** The metadata documents of RFC 9728, as they came. */
export interface ResourceMetadata {
  /** Where the document of this endpoint belongs (RFC 9728 section 3.1). */
  readonly insertedUrl: string;
  readonly inserted: Answer;
  readonly root: Answer;
  /** The first of the two that is JSON, or undefined. */
  readonly document: JsonObject | undefined;
}

/** One look at an MCP server: what it says is asked once, by whichever check comes first. */
export interface Visit {
  /** The endpoint, byte for byte as given. */
  readonly url: string;
  readonly origin: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly send: Send;
  /** Posts any body to the endpoint as JSON, unless the headers say otherwise, and expects so many answers. */
  post(body: string, headers?: Readonly<Record<string, string>>, answers?: number): Promise<Answer>;
  /** Asks as a client that has opened with `initialize` (2025-11-25). */
  readonly legacy: Ask;
  /** Asks as a client of the stateless era (2026-07-28). */
  readonly modern: Ask;
  /** Asks in the older era if the server speaks it, else in the newer one. */
  readonly ask: Ask;
  /** `initialize`, and what became of the notification that follows it. */
  opening(): Promise<{ readonly answer: Answer; readonly initialized: Answer | undefined }>;
  /** `server/discover`. */
  discovery(): Promise<Answer>;
  /** `tools/list`, its first page. */
  toolsAnswer(): Promise<Answer>;
  /** All tools. @throws NotExamined when they cannot be listed without a token. */
  tools(): Promise<readonly JsonObject[]>;
  /** A tool that anybody may call, reads only and needs no arguments. @throws NotExamined */
  openTool(): Promise<string>;
  /** What the open tool answers without a token. @throws NotExamined */
  openAnswer(): Promise<Answer>;
  /** A tool that reads only and says that it needs a token. @throws NotExamined */
  protectedTool(): Promise<string>;
  /** An answer that should hold a challenge: to a protected tool, or to the opening of a closed server. @throws NotExamined */
  refusal(): Promise<Answer>;
  metadata(): Promise<ResourceMetadata>;
  /** Issuers that the metadata names, at most a few, and only those that may be visited. */
  issuers(): Promise<readonly string[]>;
  /** Resolves when the server asks for tokens at all. @throws NotExamined */
  hasSignIn(): Promise<void>;
  /** The pages of the tools' widgets, at most a few. */
  widgets(): Promise<readonly WidgetRead[]>;
  /** Ends the session, if the server has given one. */
  end(): Promise<void>;
}

/** A widget's address, the tools that name it, and what came when it was read. */
export interface WidgetRead {
  readonly uri: string;
  readonly tools: readonly string[];
  readonly answer: Answer;
  /** The first item of `contents`; without members when there is none. */
  readonly content: JsonObject;
}

/** The newest revision of each era. */
export const LEGACY_VERSION = "2025-11-25";
export const MODERN_VERSION = "2026-07-28";

const MAX_PAGES = 5;
const MAX_WIDGETS = 5;
const MAX_ISSUERS = 3;
const CLIENT = { name: "mcp-doctor", version: "1.0.0" };

/** Begins a look at a server; nothing is sent yet. */
export function createVisit(
  { url, fetch, now }: {
    readonly url: string;
    readonly fetch: typeof globalThis.fetch;
    readonly now: () => number;
  },
): Visit {
  const { origin, pathname, hostname } = new URL(url);
  const send = createSend(fetch);
  let nextId = 0;
  let session: string | undefined;
  let version = LEGACY_VERSION;

  const post: Visit["post"] = (body, headers = {}, answers = 1) => {
    const client = { "content-type": "application/json", "accept": "application/json, text/event-stream" };
    return send(url, { method: "POST", headers: { ...client, ...headers }, body }, answers);
  };

  const initialize = (meta: JsonObject = {}) => ({
    protocolVersion: LEGACY_VERSION,
    capabilities: {},
    clientInfo: CLIENT,
    ...meta,
  });

  const opening = lazily(async () => {
    const answer = await post(rpc(++nextId, "initialize", initialize()));
    if (!answer.result) return { answer, initialized: undefined };
    session = answer.headers.get("mcp-session-id") ?? undefined;
    version = String(answer.result["protocolVersion"] ?? LEGACY_VERSION);
    const notification = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" });
    return { answer, initialized: await post(notification, legacyHeaders()) };
  });

  const legacyHeaders = () => ({
    "mcp-protocol-version": version,
    ...(session !== undefined && { "mcp-session-id": session }),
  });

  const legacy: Ask = async (method, params = {}, { token, headers, meta } = {}) => {
    if (method === "initialize") {
      return await post(rpc(++nextId, method, initialize(params)), { ...authorization(token), ...headers });
    }
    await opening();
    const body = rpc(++nextId, method, meta ? { ...params, _meta: meta } : params);
    return await post(body, { ...legacyHeaders(), ...authorization(token), ...headers });
  };

  const modern: Ask = async (method, params = {}, { token, headers, meta } = {}) => {
    const name = params["name"] ?? params["uri"];
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": MODERN_VERSION,
      "io.modelcontextprotocol/clientCapabilities": {},
      "io.modelcontextprotocol/clientInfo": CLIENT,
      ...meta,
    };
    return await post(rpc(++nextId, method, { ...params, _meta }), {
      "mcp-protocol-version": MODERN_VERSION,
      "mcp-method": method,
      ...(typeof name === "string" && { "mcp-name": name }),
      ...authorization(token),
      ...headers,
    });
  };

  const discovery = lazily(() => modern("server/discover"));

  const speaksLegacy = lazily(async () => {
    if ((await opening()).answer.result) return true;
    return (await discovery()).result === undefined;
  });

  const ask: Ask = async (...question) => await (await speaksLegacy() ? legacy : modern)(...question);

  const toolsAnswer = lazily(() => ask("tools/list"));

  const tools = lazily(async () => {
    let page = await toolsAnswer();
    if (!page.result) throw new NotExamined(`The tools cannot be listed without a token (${page.status}).`);
    const found = [...listOf(page.result["tools"])];
    for (let pages = 1; pages < MAX_PAGES && typeof page.result?.["nextCursor"] === "string"; pages++) {
      page = await ask("tools/list", { cursor: page.result["nextCursor"] });
      found.push(...listOf(page.result?.["tools"]));
    }
    return found.map(objectOf);
  });

  const openTool = async () => {
    const tool = (await tools()).find((tool) =>
      isReadOnly(tool) && accessOf(tool) !== "protected" && takesNothing(tool)
    );
    if (!tool) {
      throw new NotExamined(
        "No open tool only reads (readOnlyHint) and needs no arguments; others are not called.",
      );
    }
    return String(tool["name"]);
  };

  const openAnswer = lazily(async () => await ask("tools/call", { name: await openTool(), arguments: {} }));

  const protectedTool = async () => {
    const tool = (await tools()).find((tool) => isReadOnly(tool) && accessOf(tool) === "protected");
    if (!tool) {
      throw new NotExamined("No tool says that it needs a token and only reads; others are not called.");
    }
    return String(tool["name"]);
  };

  const refusal = lazily(async () => {
    const { answer } = await opening();
    if (answer.status === 401) return answer;
    const list = await toolsAnswer();
    if (list.status === 401) return list;
    const undeclared = await openAnswer().catch(() => undefined);
    if (undeclared?.status === 401) return undeclared;
    return await ask("tools/call", { name: await protectedTool(), arguments: {} });
  });

  const metadata = lazily(async (): Promise<ResourceMetadata> => {
    const root = `${origin}/.well-known/oauth-protected-resource`;
    const insertedUrl = pathname === "/" ? root : root + pathname;
    const accept = { headers: { accept: "application/json" } };
    const inserted = await send(insertedUrl, accept);
    const atRoot = insertedUrl === root ? inserted : await send(root, accept);
    const found = [inserted, atRoot].find(({ status, json }) => status === 200 && json !== undefined);
    return { insertedUrl, inserted, root: atRoot, document: found && objectOf(found.json) };
  });

  return {
    ...{ url, origin, now, send, post, legacy, modern, ask, opening, discovery, toolsAnswer, tools },
    ...{ openTool, openAnswer, protectedTool, refusal, metadata },
    async issuers() {
      const named = stringsOf((await metadata()).document?.["authorization_servers"]);
      return named.filter((issuer) => mayVisit(issuer, hostname)).slice(0, MAX_ISSUERS);
    },
    hasSignIn: lazily(async () => {
      if ((await metadata()).document) return;
      if ((await opening()).answer.status === 401) return;
      if ((await tools()).some((tool) => accessOf(tool) === "protected" || accessOf(tool) === "mixed")) {
        return;
      }
      throw new NotExamined("The server asks for no token anywhere.");
    }),
    widgets: lazily(async () => {
      const uris = new Map<string, string[]>();
      for (const tool of await tools()) {
        const uri = widgetOf(tool);
        if (uri !== undefined) uris.set(uri, [...uris.get(uri) ?? [], String(tool["name"])]);
      }
      if (uris.size === 0) throw new NotExamined("No tool has a widget.");
      const read: WidgetRead[] = [];
      for (const [uri, tools] of [...uris].slice(0, MAX_WIDGETS)) {
        const answer = await ask("resources/read", { uri });
        read.push({ uri, tools, answer, content: objectOf(listOf(answer.result?.["contents"])[0]) });
      }
      return read;
    }),
    async end() {
      if (session === undefined) return;
      await send(url, { method: "DELETE", headers: legacyHeaders() }).catch(() => {});
    },
  };
}

/** Who may call a tool, by what its `securitySchemes` say; undefined when it says nothing. */
export function accessOf(tool: JsonObject): "open" | "mixed" | "protected" | undefined {
  const types = listOf(schemesOf(tool)).map((scheme) => objectOf(scheme)["type"]);
  if (types.length === 0) return undefined;
  if (!types.includes("oauth2")) return "open";
  return types.includes("noauth") ? "mixed" : "protected";
}

/** The `securitySchemes` of a tool, first-class or mirrored. */
export function schemesOf(tool: JsonObject): unknown {
  return tool["securitySchemes"] ?? objectOf(tool["_meta"])["securitySchemes"];
}

/** The address of a tool's widget in any of the three spellings, or undefined. */
export function widgetOf(tool: JsonObject): string | undefined {
  const meta = objectOf(tool["_meta"]);
  const named = [objectOf(meta["ui"])["resourceUri"], meta["ui/resourceUri"], meta["openai/outputTemplate"]];
  return named.find((uri) => typeof uri === "string");
}

/** Whether a URL that a server names may be followed: https, or http on loopback when the server is there itself. */
export function mayVisit(url: string, examinedHost: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (isLoopback(hostname)) return isLoopback(examinedHost);
  return protocol === "https:";
}

function isReadOnly(tool: JsonObject): boolean {
  return objectOf(tool["annotations"])["readOnlyHint"] === true;
}

function takesNothing(tool: JsonObject): boolean {
  return listOf(objectOf(tool["inputSchema"])["required"]).length === 0;
}

function rpc(id: number, method: string, params: JsonObject): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** Runs something once, when it is first asked for; a failure is kept too. */
function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}
