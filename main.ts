import { getLogger } from "@logtape/logtape";
import { DatabaseSync } from "node:sqlite";
import { createApp } from "./src/app/mod.ts";
import { openOrders } from "./src/app/open_orders.ts";
import { cacheVerified } from "./src/auth/token_cache.ts";
import type { Verification } from "./src/auth/verification.ts";
import { type Config, ConfigError, loadConfig } from "./src/config/config.ts";
import { VARIABLES } from "./src/config/environment.ts";
import { listenUntil } from "./src/http/listen.ts";
import { configureLogs } from "./src/http/log.ts";
import type { App } from "./src/mcp/app.ts";
import { createRateLimit } from "./src/http/rate_limit.ts";
import { createServer } from "./src/server.ts";

/** A request may take this long, and one in flight at shutdown this long at most. */
const TIME_LIMIT_MS = 30_000;
const SHUTDOWN_MS = 5_000;
/** How long nobody listens after the listener failed, such as for want of file descriptors. */
const LISTEN_AGAIN_MS = 1_000;

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

/** Only development loads its authorization server and playground; production never reads that code. */
async function createDevelopment(config: Config, app: App, database: DatabaseSync | undefined) {
  if (!config.development) return undefined;
  const { createDevelopment } = await import("./src/dev/mod.ts");
  const [issuer] = config.issuers as [string];
  const { resource, development } = config;
  return await createDevelopment({
    ...development,
    name: app.name,
    title: app.title,
    scopes: app.scopes,
    issuer,
    resource,
    database,
  });
}

/** Loaded with the first token: whoever only searches does not wait for what verifies signatures. */
function lazyVerification(config: Config, fetch: typeof globalThis.fetch, now: () => number) {
  let loading: Promise<Verification> | undefined;
  const load = async () => {
    const { createVerification } = await import("./src/auth/verification.ts");
    return createVerification({ ...config, fetch, now });
  };
  return () => loading ??= load();
}

async function main(config: Config): Promise<void> {
  await configureLogs({ level: config.logLevel, format: config.logFormat });
  const log = getLogger(["mcp", "http"]);
  const now = Date.now;
  const randomUUID = () => crypto.randomUUID();
  const needsDatabase = config.development !== undefined || config.databaseUrl === undefined;
  const database = needsDatabase && config.sqlitePath ? openDatabase(config.sqlitePath) : undefined;
  const onFailure = (reason: string) => log.error("Orders cannot be reached: {reason}", { reason });
  const { databaseUrl, demoOrders } = config;
  const opened = await openOrders({ databaseUrl, database, demoOrders, now, randomUUID, onFailure });
  if (opened.orders.readOnly) log.warn("{note}", { note: opened.orders.readOnly });
  const app = createApp({ orders: opened.orders, now, randomUUID });
  const development = await createDevelopment(config, app, database);
  const verification = lazyVerification(config, development?.fetch ?? fetch, now);

  const stopping = new AbortController();
  const server = createServer({
    app,
    verify: cacheVerified(async (token) => await (await verification()).verify(token), now),
    issuers: config.issuers,
    resource: config.resource,
    guard: { hosts: config.allowedHosts, origins: config.allowedOrigins, loopback: config.loopback },
    rateLimit: createRateLimit({ perMinute: config.rateLimitPerMinute, now }),
    challengeMode: config.challengeMode,
    requireAuth: config.requireAuth,
    readiness: {
      keys: async () => await (await verification()).ready(),
      orders: opened.ready,
    },
    development: development?.app,
    playground: development?.playground,
    log,
    now,
    timeLimitMs: TIME_LIMIT_MS,
    stopping: stopping.signal,
  });

  // Before anything listens, so that no signal can arrive too early.
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stopping.abort());
  let banner = development?.banner;
  const givenUp = await listenUntil<Deno.ServeHandlerInfo>(stopping.signal, {
    listen: (handler) =>
      Deno.serve({
        port: config.port,
        hostname: config.hostname,
        onListen: ({ hostname, port }) => {
          if (banner) console.log(banner);
          banner = undefined;
          const { resource } = config;
          log.info("Listening on {hostname}:{port} as {resource}", { hostname, port, resource });
        },
      }, handler),
    handler: server.fetch,
    log,
    againMs: LISTEN_AGAIN_MS,
    shutdownMs: SHUTDOWN_MS,
  });
  // Requests that were given up may still be using the database.
  if (givenUp > 0) Deno.exit(1);
  setTimeout(() => Deno.exit(0), SHUTDOWN_MS);
  await opened[Symbol.asyncDispose]();
  database?.close();
  Deno.exit(0);
}

/** What stops a start although the configuration is right, in words. */
function explain(error: unknown, { port }: Config): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return `Port ${port} is in use: stop the other program, or set PORT to another one.`;
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `${error.message}. Tasks may only use the folder data: keep SQLITE_PATH in it, or run main.ts with more.`;
  }
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

if (import.meta.main) {
  const config = readConfig();
  await main(config).catch((error) => {
    console.error(explain(error, config));
    Deno.exit(1);
  });
}
