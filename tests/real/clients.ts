import type { ElicitResult, VersionNegotiationMode } from "@modelcontextprotocol/client";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { OAuthClient } from "./oauth_client.ts";

/** What the tests use of a client; all of the official ones offer it. */
export interface McpClient {
  listTools(): Promise<{ tools: { name: string; _meta?: Record<string, unknown> | undefined }[] }>;
  listResources(): Promise<{ resources: { uri: string }[] }>;
  listResourceTemplates(): Promise<{ resourceTemplates: { uriTemplate: string }[] }>;
  readResource(params: { uri: string }): Promise<{ contents: Record<string, unknown>[] }>;
  listPrompts(): Promise<{ prompts: { name: string }[] }>;
  getPrompt(
    params: { name: string; arguments?: Record<string, string> },
  ): Promise<{ messages: { role: string; content: object }[] }>;
  complete(params: {
    ref: { type: "ref/prompt"; name: string } | { type: "ref/resource"; uri: string };
    argument: { name: string; value: string };
    context?: { arguments: Record<string, string> };
  }): Promise<{ completion: { values: string[]; hasMore?: boolean | undefined } }>;
  callTool(params: { name: string; arguments?: Record<string, unknown> }): Promise<Record<string, unknown>>;
  ping(): Promise<unknown>;
}

/** The parameters of a tool call. */
export interface CallParams {
  readonly name: string;
  readonly arguments?: Record<string, unknown>;
  readonly _meta?: Record<string, unknown>;
}

/** A client that has connected. */
export interface Connection extends AsyncDisposable {
  readonly client: McpClient;
  /** The revision of the protocol that the two sides agreed on. */
  readonly revision: string | undefined;
  /** Calls a tool, and tells what the server reports meanwhile. */
  follow(params: CallParams, onprogress: (progress: unknown) => void): Promise<Record<string, unknown>>;
  /** Hands the client what the authorization server sent back by way of the browser. */
  finishAuth(callback: URLSearchParams): Promise<void>;
}

/** How the client identifies its person: not at all, by a token, or by running OAuth itself. */
export interface Identity {
  readonly token?: string;
  readonly oauth?: OAuthClient;
  /** By default the network. */
  readonly fetch?: typeof globalThis.fetch;
  /** Answers what the server asks the person; only clients of version 2 say that they can. */
  readonly elicit?: (question: unknown) => ElicitResult;
}

/** Connects to the MCP endpoint at a URL. */
export type Connect = (url: string, identity?: Identity) => Promise<Connection>;

/** An official client, and the revision that it should agree on with us. */
export interface ClientKind {
  readonly revision: "2025-11-25" | "2026-07-28";
  readonly connect: Connect;
}

const INFO = { name: "conformant-client", version: "1.0.0" };

/** The official clients, by a name for the tests; imported only when used, since bare `deno test` may not. */
export const CLIENTS: Readonly<Record<string, ClientKind>> = {
  "the v1 client": { revision: "2025-11-25", connect: connectV1 },
  "the v2 client": { revision: "2025-11-25", connect: connectV2("legacy") },
  "the v2 client that probes": { revision: "2026-07-28", connect: connectV2("auto") },
  "the v2 client pinned to 2026-07-28": { revision: "2026-07-28", connect: connectV2({ pin: "2026-07-28" }) },
};

async function connectV1(url: string, identity: Identity = {}): Promise<Connection> {
  const { Client } = await import("@modelcontextprotocol/sdk/client/index.js");
  const { StreamableHTTPClientTransport } = await import(
    "@modelcontextprotocol/sdk/client/streamableHttp.js"
  );
  const transport = new StreamableHTTPClientTransport(new URL(url), optionsOf(identity));
  const client = new Client(INFO);
  // The SDK is not compiled with exactOptionalPropertyTypes.
  await client.connect(transport as Transport);
  return {
    client,
    revision: transport.protocolVersion,
    follow: (params, onprogress) => client.callTool(params, undefined, { onprogress }),
    finishAuth: (callback) => transport.finishAuth(callback.get("code") ?? ""),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** @param mode How the client finds out about the server; `legacy`, which does not ask, is the default. */
function connectV2(mode: VersionNegotiationMode): Connect {
  return async (url, identity = {}) => {
    const { Client, StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
    const transport = new StreamableHTTPClientTransport(new URL(url), optionsOf(identity));
    const { elicit } = identity;
    const client = new Client(INFO, {
      versionNegotiation: { mode },
      capabilities: elicit ? { elicitation: { form: {} } } : {},
    });
    if (elicit) client.setRequestHandler("elicitation/create", ({ params }) => elicit(params));
    await client.connect(transport);
    return {
      client,
      revision: client.getNegotiatedProtocolVersion(),
      follow: (params, onprogress) => client.callTool(params, { onprogress }),
      finishAuth: (callback) => transport.finishAuth(callback),
      [Symbol.asyncDispose]: () => client.close(),
    };
  };
}

function optionsOf({ token, oauth, fetch }: Identity) {
  return {
    ...(fetch && { fetch }),
    ...(token !== undefined && { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
    ...(oauth && { authProvider: oauth }),
  };
}

/** The HTTP status that a client's error stands for; each version has its own way to say it. */
export function statusOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "InsufficientScopeError") return 403;
  return "status" in error ? error.status : "code" in error && error.code;
}
