import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "@panva/jose";
import { getLogger } from "@logtape/logtape";
import { DatabaseSync } from "node:sqlite";
import { createApp } from "../src/app/mod.ts";
import { withDemoOrders } from "../src/app/orders.ts";
import { createSqliteOrders } from "../src/app/orders_sqlite.ts";
import { cacheVerified } from "../src/auth/token_cache.ts";
import { createKeys, createVerify } from "../src/auth/verify.ts";
import { createServer, type ServerOptions } from "../src/server.ts";

export const RESOURCE = "http://localhost:8000/mcp";
export const ISSUER = "https://issuer.test";
/** A moment for tests to happen at, in milliseconds. */
export const NOW = Date.UTC(2026, 10, 23, 12);

export type Era = "legacy" | "modern";
export const ERAS: readonly Era[] = ["legacy", "modern"];

/** An authorization server as seen from outside: metadata, keys, and whatever it would sign. */
export class TestIssuer {
  /** Requests that arrived, by path. */
  readonly requests: string[] = [];
  down = false;
  keyId = "key-1";
  #keys: CryptoKeyPair;

  private constructor(readonly issuer: string, keys: CryptoKeyPair) {
    this.#keys = keys;
  }

  static async create(issuer = ISSUER): Promise<TestIssuer> {
    return new TestIssuer(issuer, await generateKeyPair("ES256", { extractable: true }));
  }

  async rotate(keyId: string): Promise<void> {
    this.#keys = await generateKeyPair("ES256", { extractable: true });
    this.keyId = keyId;
  }

  get publicKey(): CryptoKey {
    return this.#keys.publicKey;
  }

  /** Answers metadata and keys; every other address does not exist. */
  readonly fetch = async (input: string | URL | Request): Promise<Response> => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    this.requests.push(pathname);
    if (this.down) throw new TypeError("connection refused");
    if (pathname.startsWith("/.well-known/oauth-authorization-server")) {
      return Response.json({ issuer: this.issuer, jwks_uri: `${new URL(this.issuer).origin}/jwks` });
    }
    if (pathname !== "/jwks") return new Response("not found", { status: 404 });
    const jwk = await exportJWK(this.#keys.publicKey);
    return Response.json({ keys: [{ ...jwk, kid: this.keyId, alg: "ES256", use: "sig" }] });
  };

  /** An access token that is good at NOW, unless claims and header say otherwise; undefined removes a member. */
  async token(
    claims: JWTPayload = {},
    header: Record<string, unknown> = {},
    key?: CryptoKey,
  ): Promise<string> {
    const iat = Math.floor(NOW / 1000);
    const payload = {
      iss: this.issuer,
      aud: RESOURCE,
      sub: "ada",
      client_id: "test-client",
      scope: "orders:read",
      iat,
      exp: iat + 600,
      ...claims,
    };
    return await new SignJWT(payload)
      .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: this.keyId, ...header })
      .sign(key ?? this.#keys.privateKey);
  }
}

/** The whole server in this process, with a clock of its own and a database in memory. */
export async function createTestServer(overrides: Partial<ServerOptions> = {}) {
  const clock = { now: NOW };
  const now = () => clock.now;
  const issuer = await TestIssuer.create();
  const keys = createKeys([issuer.issuer], { fetch: issuer.fetch as typeof fetch, now });
  const store = createSqliteOrders(new DatabaseSync(":memory:"));
  const orders = withDemoOrders(store, { now, randomUUID: () => crypto.randomUUID() });
  const server = createServer({
    app: createApp({ orders }),
    verify: cacheVerified(createVerify({ keys, audiences: [RESOURCE], now }), now),
    issuers: [issuer.issuer],
    resource: RESOURCE,
    guard: { hosts: ["localhost:8000"], origins: ["http://localhost:8000"], loopback: true },
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
