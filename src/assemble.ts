import type { Logger } from "@logtape/logtape";
import type { Verification } from "./auth/verification.ts";
import type { Verify } from "./auth/verify.ts";
import type { TokenExchange } from "./auth/token_exchange.ts";
import { type Config, ConfigError } from "./config/config.ts";
import { outageHint, refusalHint } from "./config/hints.ts";
import type { Development } from "./dev/mod.ts";
import { createRateLimit } from "./http/rate_limit.ts";
import { type App, type AppDefinition, joinApp } from "./mcp/app.ts";
import { createServer } from "./server.ts";
import type { Telemetry } from "./telemetry.ts";

export { type Config, ConfigError, loadConfig } from "./config/config.ts";
export { variableNames } from "./config/environment.ts";
export { listenUntil } from "./http/listen.ts";
export { configureLogs } from "./http/log.ts";

/** What the server uses of the world outside; tests bring their own. */
export interface AssembleDeps {
  readonly log: Logger;
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly randomUUID?: () => string;
  readonly telemetry?: Telemetry | undefined;
  /** Reads a file as text, by its path from the folder of `main.ts`; the playground's page is one. */
  readonly readFile?: (path: string) => Promise<string>;
  /** Lets the SDK answer everything: for tests that compare the two lanes. */
  readonly sdkOnly?: boolean;
  /** Aborts when the server is about to end. */
  readonly stopping?: AbortSignal;
  /** A request may take this long outside of tools, which have their own limit; 30 seconds by default. */
  readonly timeLimitMs?: number;
  /** How often an event stream shows that it is alive, in milliseconds; 15 seconds by default. */
  readonly keepAliveMs?: number;
}

/** The server as a value: nothing listens yet. Disposing of it closes what the app has opened. */
export interface Assembled extends AsyncDisposable {
  /** Answers a request. @param connection What `Deno.serve` tells about it: the address behind it. */
  fetch(
    request: Request,
    connection?: { readonly remoteAddr?: { readonly hostname?: string } },
  ): Response | Promise<Response>;
  /**
   * Asks the issuers whether tokens can be verified, and warns in the log of what would keep them from it. Never
   * rejects. Development is its own issuer and has nothing to ask.
   */
  checkIssuers(): Promise<void>;
  /** The authorization server and the playground, in development. */
  readonly development: Development | undefined;
}

const TIME_LIMIT_MS = 30_000;

/** Spans and metrics, for a runtime that exports them. Loaded only when asked for. */
export async function openTelemetry(): Promise<Telemetry> {
  return (await import("./telemetry.ts")).createTelemetry();
}

/**
 * Puts a server together: the one place where parts meet. `main.ts`, tests, benchmarks and other runtimes use it.
 *
 * @throws Error in words for whoever starts the server, when the app or its storage cannot be opened.
 */
export async function assemble(
  config: Config,
  definition: AppDefinition,
  { log, fetch = globalThis.fetch, now = Date.now, telemetry, ...deps }: AssembleDeps,
): Promise<Assembled> {
  const { randomUUID = () => crypto.randomUUID(), timeLimitMs = TIME_LIMIT_MS } = deps;
  const opened = await definition.open({
    env: config.appEnv,
    development: config.development !== undefined,
    storage: {
      databaseUrl: config.databaseUrl,
      sqlite: config.sqlitePath,
      now,
      observe: telemetry?.database,
      onFailure: (reason) => log.error("The database failed: {reason}", { reason }),
    },
    fetch,
    now,
    randomUUID,
    log,
  });
  const app = joinApp(
    definition,
    telemetry ? { ...opened, tools: opened.tools.map(telemetry.tool) } : opened,
    { domain: config.widgetDomain, development: config.development !== undefined },
  );
  const development = await openDevelopment(config, definition, app, { ...deps, log, fetch, now });
  const askIssuer = development?.issuer.fetch ?? fetch;
  const verification = lazyVerification(config, telemetry?.fetch(askIssuer) ?? askIssuer, now);
  const verify: Verify = async (...question) => await (await verification()).verify(...question);
  const exchange = openExchange(config, app, development, { log, fetch, now });
  const server = createServer({
    ...config,
    app,
    verify: telemetry?.verify(verify) ?? verify,
    telemetry,
    guard: { hosts: config.allowedHosts, origins: config.allowedOrigins, loopback: config.loopback },
    exchange,
    rateLimit: createRateLimit({ perMinute: config.rateLimitPerMinute, now }),
    readiness: {
      keys: async () => await (await verification()).ready(),
      ...(opened.ready && { app: opened.ready }),
    },
    routes: opened.routes,
    development: development?.app,
    playground: development?.playground,
    log,
    hint: refusalHint,
    now,
    timeLimitMs,
    keepAliveMs: deps.keepAliveMs,
    sdkOnly: deps.sdkOnly,
    stopping: deps.stopping,
  });
  return {
    fetch: (request, connection) => server.fetch(request, connection),
    async checkIssuers() {
      const reason = development ? undefined : await (await verification()).check();
      if (reason) log.warn("Good tokens cannot be verified: {reason}", { reason });
    },
    development,
    [Symbol.asyncDispose]: async () => await opened[Symbol.asyncDispose]?.(),
  };
}

/** Only development loads its authorization server and playground; production never reads that code. */
async function openDevelopment(
  { development, issuers, resource, sqlitePath }: Config,
  { playground }: AppDefinition,
  app: App,
  { log, fetch, now, readFile = noFiles }: Pick<AssembleDeps, "log" | "readFile"> & {
    readonly fetch: typeof globalThis.fetch;
    readonly now: () => number;
  },
): Promise<Development | undefined> {
  if (!development) return undefined;
  const { createDevelopment } = await import("./dev/mod.ts");
  const { openFile } = await import("./storage/sqlite.ts");
  return await createDevelopment({
    ...development,
    name: app.name,
    title: app.title,
    scopes: app.scopes,
    issuer: issuers[0]!,
    resource,
    // A connection of its own: its transactions and those of the app know nothing of each other.
    database: sqlitePath === undefined ? undefined : await openFile(sqlitePath),
    playground: { prompts: [], ...playground },
    readFile,
    fetch,
    now,
    log,
  });
}

function noFiles(): Promise<never> {
  return Promise.reject(new Error("No readFile was given."));
}

/** Loaded with the first token: whoever needs none does not wait for what verifies signatures. */
function lazyVerification(config: Config, fetch: typeof globalThis.fetch, now: () => number) {
  let loading: Promise<Verification> | undefined;
  const load = async () => {
    const { createVerification } = await import("./auth/verification.ts");
    return createVerification({ ...config, fetch, now, hint: outageHint });
  };
  return () => loading ??= load();
}

/**
 * For apps with a tool that calls other APIs; loaded with the first call that needs it.
 *
 * @throws ConfigError when there is no client to exchange tokens as.
 */
function openExchange(
  { issuers: [issuer], tokenExchange }: Config,
  { tools }: App,
  development: Development | undefined,
  { log, ...world }: {
    readonly log: Logger;
    readonly fetch: typeof globalThis.fetch;
    readonly now: () => number;
  },
): TokenExchange | undefined {
  const upstream = tools.filter(({ upstream }) => upstream).map(({ name }) => name);
  if (upstream.length === 0) return undefined;
  const client = tokenExchange ?? development?.issuer.resourceServer;
  if (!client) {
    throw new ConfigError([
      `TOKEN_EXCHANGE_CLIENT_ID is not set: ${
        upstream.join(" and ")
      } calls other APIs on behalf of its callers. ` +
      `Set it and TOKEN_EXCHANGE_CLIENT_SECRET to a client that may exchange tokens at ${issuer}`,
    ]);
  }
  let loading: Promise<TokenExchange> | undefined;
  const load = async () => {
    const { createTokenExchange } = await import("./auth/token_exchange.ts");
    return createTokenExchange({
      ...{ ...world, ...client, issuer: issuer!, fetch: development?.issuer.fetch ?? world.fetch },
      hint: outageHint,
      onFailure: (reason) => log.warn("Cannot exchange a token: {reason}", { reason }),
    });
  };
  return async (...question) => await (await (loading ??= load()))(...question);
}
