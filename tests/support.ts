import { getLogger } from "@logtape/logtape";
import { createApp } from "../src/app/mod.ts";
import { type OpenOrders, openOrders, type OrdersOptions } from "../src/app/open_orders.ts";
import { cacheVerified } from "../src/auth/token_cache.ts";
import { createKeys, createVerify } from "../src/auth/verify.ts";
import { createRateLimit } from "../src/http/rate_limit.ts";
import { createServer, type ServerOptions } from "../src/server.ts";
import { NOW, RESOURCE, TestIssuer } from "./test_issuer.ts";

export { ISSUER, NOW, RESOURCE, TestIssuer } from "./test_issuer.ts";

export type Era = "legacy" | "modern";
export const ERAS: readonly Era[] = ["legacy", "modern"];

/** Orders in memory, and demo orders for everyone who is new, unless said otherwise. */
export function openTestOrders(options: Partial<OrdersOptions> = {}): Promise<OpenOrders> {
  return openOrders({
    sqlite: ":memory:",
    demoOrders: true,
    now: () => NOW,
    randomUUID: () => crypto.randomUUID(),
    onFailure: (cause) => {
      throw new Error(`The storage failed: ${cause}`);
    },
    ...options,
  });
}

/** The whole server in this process, with a clock of its own and a database in memory. */
export async function createTestServer(overrides: Partial<ServerOptions> = {}) {
  const clock = { now: NOW };
  const now = () => clock.now;
  const issuer = await TestIssuer.create();
  const keys = createKeys([issuer.issuer], { fetch: issuer.fetch as typeof fetch, now });
  const { orders } = await openTestOrders({ now });
  const server = createServer({
    app: createApp({ orders }),
    verify: cacheVerified(createVerify({ keys, audiences: [RESOURCE], now }), now),
    issuers: [issuer.issuer],
    resource: RESOURCE,
    guard: { hosts: ["localhost:8000"], origins: ["http://localhost:8000"], loopback: true },
    rateLimit: createRateLimit({ perMinute: 100_000, now }),
    challengeMode: "auto",
    requireAuth: false,
    readiness: { keys: () => keys.get(issuer.issuer)!.ready() },
    log: getLogger(["mcp", "http"]),
    now,
    timeLimitMs: 5_000,
    ...overrides,
  });
  return { server, issuer, clock, orders };
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
export async function ask<Body = RpcAnswer>(server: TestServer, request: Request) {
  const response = await server.request(request);
  const text = await response.text();
  const json = response.headers.get("content-type")?.startsWith("application/json") ? text : "{}";
  return { status: response.status, headers: response.headers, text, body: JSON.parse(json) as Body };
}
