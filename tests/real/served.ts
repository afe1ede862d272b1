import { getLogger } from "@logtape/logtape";
import type { Hono } from "@hono/hono";
import { DatabaseSync } from "node:sqlite";
import { createApp } from "../../src/app/mod.ts";
import { withDemoOrders } from "../../src/app/orders.ts";
import { createSqliteOrders } from "../../src/app/orders_sqlite.ts";
import { cacheVerified } from "../../src/auth/token_cache.ts";
import { createKeys, createVerify } from "../../src/auth/verify.ts";
import { createServer } from "../../src/server.ts";

/** A server that listens on loopback until it is disposed of. */
export interface Served extends AsyncDisposable {
  /** Its MCP endpoint. */
  readonly resource: string;
}

/**
 * Puts the whole server on a free port, with a database in memory.
 *
 * @param fetch How it reaches the issuer.
 * @param now Milliseconds since the epoch.
 */
export function serve(
  issuer: string,
  { fetch = globalThis.fetch, now = Date.now }: {
    readonly fetch?: typeof globalThis.fetch;
    readonly now?: () => number;
  } = {},
): Served {
  const database = new DatabaseSync(":memory:");
  const orders = withDemoOrders(createSqliteOrders(database), { now, randomUUID: () => crypto.randomUUID() });
  const keys = createKeys([issuer], { fetch, now });
  // The resource is known only when the port is, so the server is built behind the listener.
  const built = Promise.withResolvers<Hono>();
  const listener = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => await (await built.promise).fetch(request),
  );
  const resource = `http://127.0.0.1:${listener.addr.port}/mcp`;
  built.resolve(createServer({
    app: createApp({ orders }),
    verify: cacheVerified(createVerify({ keys, audiences: [resource], now }), now),
    issuers: [issuer],
    resource,
    guard: { hosts: [], origins: [], loopback: true },
    challengeMode: "auto",
    requireAuth: false,
    readiness: {},
    log: getLogger(["mcp", "http"]),
    now,
    timeLimitMs: 5_000,
  }));
  return {
    resource,
    async [Symbol.asyncDispose]() {
      await listener.shutdown();
      database.close();
    },
  };
}

/** Whether all these permissions are granted already; bare `deno test` must not ask for any. */
export async function granted(...names: Deno.PermissionName[]): Promise<boolean> {
  const states = await Promise.all(names.map((name) => Deno.permissions.query({ name })));
  return states.every(({ state }) => state === "granted");
}
