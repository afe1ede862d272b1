import type { Hono } from "@hono/hono";
import { getLogger, type Logger } from "@logtape/logtape";
import { assemble } from "../src/assemble.ts";
import { type Config, loadConfig } from "../src/config/config.ts";
import type { AppDefinition } from "../src/mcp/app.ts";
import notes from "./notes_app.ts";
import { ISSUER, NOW, RESOURCE, TestIssuer } from "./test_issuer.ts";

export { ISSUER, NOW, RESOURCE, TestIssuer } from "./test_issuer.ts";

export type Era = "legacy" | "modern";
export const ERAS: readonly Era[] = ["legacy", "modern"];

/** What tests may change about the server: its app, what it uses of the world, and its configuration. */
export interface TestServerOptions extends Partial<Config> {
  readonly app?: AppDefinition;
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
  readonly log?: Logger;
  readonly timeLimitMs?: number;
  /** What the server waits by; in tests for nothing. */
  readonly wait?: (ms: number) => Promise<void>;
  readonly keepAliveMs?: number;
  readonly stopping?: AbortSignal;
  /** Lets the SDK answer everything. */
  readonly sdkOnly?: boolean;
  /** Environment variables besides those that tests need. */
  readonly env?: Readonly<Record<string, string>>;
  /** Served beside the endpoint, such as an authorization server of a test. */
  readonly routes?: Hono;
}

const MACHINE = { isTerminal: false };

/** The whole server in this process, with a clock of its own and a database in memory. */
export async function createTestServer(options: TestServerOptions = {}) {
  const clock = { now: NOW };
  const issuer = await TestIssuer.create();
  const app: AppDefinition = options.app ?? notes;
  const { fetch = issuer.fetch as typeof globalThis.fetch, now = () => clock.now } = options;
  const {
    log = getLogger(["mcp"]),
    timeLimitMs = 5_000,
    wait = () => Promise.resolve(),
    keepAliveMs,
    stopping,
    sdkOnly = false,
    env,
    routes,
    app: _,
    ...config
  } = options;
  const defaults = loadConfig(
    { SQLITE_PATH: ":memory:", RATE_LIMIT_PER_MINUTE: "100000", ...env },
    MACHINE,
    app.env,
  );
  const assembled = await assemble(
    { ...defaults, development: undefined, issuers: [ISSUER], ...config },
    routes ? { ...app, open: async (deps) => ({ ...await app.open(deps), routes }) } : app,
    {
      ...{ fetch, now, log, timeLimitMs, sdkOnly, wait },
      ...(stopping && { stopping }),
      ...(keepAliveMs && { keepAliveMs }),
    },
  );
  const server = {
    fetch: assembled.fetch,
    checkIssuers: assembled.checkIssuers,
    /** Sends a request to a path or URL of the server. */
    request: async (input: string | URL | Request, init?: RequestInit) =>
      await assembled.fetch(input instanceof Request ? input : new Request(new URL(input, RESOURCE), init)),
  };
  return { server, issuer, clock };
}

export type TestServer = Awaited<ReturnType<typeof createTestServer>>["server"];

/** What a request says besides method and params. */
export interface RpcOptions {
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly meta?: Record<string, unknown>;
  readonly id?: number | string;
}

/** A JSON-RPC request as a client of the era sends it. */
export function rpc(
  era: Era,
  method: string,
  params: Record<string, unknown> = {},
  { token, headers = {}, meta = {}, id = 1 }: RpcOptions = {},
): Request {
  const modern = era === "modern";
  const envelope = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const _meta = { ...(modern && envelope), ...meta };
  const name = params["name"] ?? params["uri"];
  return new Request(RESOURCE, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "accept": "application/json, text/event-stream",
      ...(modern && { "mcp-protocol-version": "2026-07-28", "mcp-method": method }),
      ...(modern && typeof name === "string" && { "mcp-name": name }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id,
      method,
      params: Object.keys(_meta).length > 0 ? { ...params, _meta } : params,
    }),
  });
}

/** A `tools/call`. */
export function toolCall(
  era: Era,
  name: string,
  args: Record<string, unknown> = {},
  options: RpcOptions = {},
): Request {
  return rpc(era, "tools/call", { name, arguments: args }, options);
}

/** The members of JSON-RPC answers that tests look at. */
export interface RpcAnswer {
  readonly jsonrpc: "2.0";
  readonly id?: number | string | null;
  readonly result?: Readonly<Record<string, unknown>> & {
    readonly isError?: boolean;
    readonly content?: readonly { readonly type: string; readonly text: string }[];
    readonly structuredContent?: Readonly<Record<string, unknown>>;
    readonly _meta?: Readonly<Record<string, unknown>>;
  };
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** Sends a request and reads the answer to its end; a body that is not JSON is read as an empty object. */
export async function ask<Body = RpcAnswer>(
  server: { request(request: Request): Response | Promise<Response> },
  request: Request,
) {
  const response = await server.request(request);
  const text = await response.text();
  const json = response.headers.get("content-type")?.startsWith("application/json") ? text : "{}";
  return { status: response.status, headers: response.headers, text, body: JSON.parse(json) as Body };
}
