import { getLogger } from "@logtape/logtape";
import { createApp } from "../../src/app/mod.ts";
import { cacheVerified } from "../../src/auth/token_cache.ts";
import { createKeys, createVerify } from "../../src/auth/verify.ts";
import { configureLogs } from "../../src/http/log.ts";
import { createRateLimit } from "../../src/http/rate_limit.ts";
import { createServer } from "../../src/server.ts";
import { openTestOrders, RESOURCE } from "../support.ts";
import { contend } from "./contender.ts";

/** Our server, put together as `main.ts` does with its defaults; the third argument is the issuer. */
async function main(issuer: string): Promise<void> {
  await configureLogs({ level: "info", format: "json" });
  const now = Date.now;
  const { orders } = await openTestOrders({ now });
  const keys = createKeys([issuer], { fetch, now });
  const app = createApp({ orders });
  const server = createServer({
    // The SDK's side has the same two tools.
    app: { ...app, tools: app.tools.filter(({ name }) => name !== "reorder_pizza") },
    verify: cacheVerified(createVerify({ keys, audiences: [RESOURCE], now }), now),
    issuers: [issuer],
    resource: RESOURCE,
    guard: { hosts: [], origins: [], loopback: true },
    // Every call is counted, and none refused.
    rateLimit: createRateLimit({ perMinute: Infinity, now }),
    challengeMode: "auto",
    requireAuth: false,
    readiness: {},
    log: getLogger(["mcp", "http"]),
    now,
    timeLimitMs: 30_000,
  });
  contend(server.fetch);
}

if (import.meta.main) await main(Deno.args[2]!);
