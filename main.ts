import { getLogger } from "@logtape/logtape";
import { DatabaseSync } from "node:sqlite";
import { createApp } from "./src/app/mod.ts";
import { withDemoOrders } from "./src/app/orders.ts";
import { createSqliteOrders } from "./src/app/orders_sqlite.ts";
import { cacheVerified } from "./src/auth/token_cache.ts";
import { createKeys, createVerify } from "./src/auth/verify.ts";
import { type Config, ConfigError, type DevelopmentConfig, loadConfig, VARIABLES } from "./src/config.ts";
import { configureLogs } from "./src/http/log.ts";
import type { App } from "./src/mcp/app.ts";
import { createRateLimit } from "./src/http/rate_limit.ts";
import { createServer } from "./src/server.ts";

/** A request may take this long, and one in flight at shutdown this long at most. */
const TIME_LIMIT_MS = 30_000;
const SHUTDOWN_MS = 5_000;

function readConfig(): Config {
  try {
    const env = Object.fromEntries(VARIABLES.map((name) => [name, Deno.env.get(name)]));
    const isDenoDeploy = ["DENO_DEPLOY", "DENO_DEPLOYMENT_ID"].some((name) => Deno.env.get(name));
    return loadConfig(env, { isDenoDeploy, isTerminal: Deno.stderr.isTerminal() });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}

function openDatabase(path: string): DatabaseSync {
  if (path !== ":memory:") Deno.mkdirSync(path.replace(/[^/\\]*$/, "") || ".", { recursive: true });
  return new DatabaseSync(path);
}

/** Only development loads its authorization server; production never reads that code. */
async function startDevelopment(
  config: Config,
  development: DevelopmentConfig,
  app: App,
  database: DatabaseSync,
) {
  const { createDevIssuer } = await import("./src/dev/issuer.ts");
  const { banner } = await import("./src/dev/banner.ts");
  const passcode = development.isPublic ? crypto.randomUUID().slice(0, 8) : undefined;
  const [issuer] = config.issuers as [string];
  console.log(banner({ title: app.title, resource: config.resource, issuer, passcode }));
  const { accessTokenSeconds, signingAlgorithm } = development;
  const settings = {
    issuer,
    resource: config.resource,
    scopes: app.scopes,
    accessTokenSeconds,
    signingAlgorithm,
  };
  return await createDevIssuer({ ...settings, database, ...(passcode && { passcode }) });
}

async function main(): Promise<void> {
  const config = readConfig();
  await configureLogs({ level: config.logLevel, format: config.logFormat });
  const log = getLogger(["mcp", "http"]);
  const now = Date.now;
  const database = openDatabase(config.sqlitePath);
  const store = createSqliteOrders(database);
  const orders = config.demoOrders
    ? withDemoOrders(store, { now, randomUUID: () => crypto.randomUUID() })
    : store;
  const app = createApp({ orders });
  const development = config.development && await startDevelopment(config, config.development, app, database);
  const keys = createKeys(config.issuers, { fetch: development?.fetch ?? fetch, now });

  const server = createServer({
    app,
    verify: cacheVerified(createVerify({ keys, audiences: config.audiences, now }), now),
    issuers: config.issuers,
    resource: config.resource,
    guard: { hosts: config.allowedHosts, origins: config.allowedOrigins, loopback: config.loopback },
    rateLimit: createRateLimit({ perMinute: config.rateLimitPerMinute, now }),
    challengeMode: config.challengeMode,
    requireAuth: config.requireAuth,
    readiness: {
      keys: () => Promise.all([...keys.values()].map((source) => source.ready())),
      database: async () => await database.prepare("SELECT 1 FROM orders LIMIT 1").get(),
    },
    ...(development && { development: development.app }),
    log,
    now,
    timeLimitMs: TIME_LIMIT_MS,
  });

  const listener = Deno.serve({
    port: config.port,
    hostname: config.hostname,
    onListen: ({ hostname, port }) =>
      log.info("Listening on {hostname}:{port} as {resource}", { hostname, port, resource: config.resource }),
  }, server.fetch);

  let stopping = false;
  const stop = async (): Promise<void> => {
    // A terminal and a task runner may both pass the signal on.
    if (stopping) return;
    stopping = true;
    log.info("Stopping");
    const giveUp = setTimeout(() => Deno.exit(0), SHUTDOWN_MS);
    await listener.shutdown();
    clearTimeout(giveUp);
    database.close();
    Deno.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
}

if (import.meta.main) await main();
