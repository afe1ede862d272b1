import type { Verify } from "./auth/verify.ts";
import type { TokenExchange } from "./auth/token_exchange.ts";
import { type Config, ConfigError } from "./config/config.ts";
import { outageHint } from "./config/hints.ts";
import type { Development } from "./dev/mod.ts";
import { type App, type AppDefinition, joinApp } from "./mcp/app.ts";
import { type Connection, createServer, type ServerDeps } from "./server.ts";
import type { Telemetry } from "./telemetry.ts";

export { type Config, ConfigError, loadConfig } from "./config/config.ts";
export { variableNames } from "./config/environment.ts";
export { listenUntil } from "./http/listen.ts";
export { configureLogs } from "./http/log.ts";

/** What the server uses of the world outside; tests bring their own. */
export interface AssembleDeps extends Omit<ServerDeps, "now"> {
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly randomUUID?: () => string;
  /** Reads a file as text, by its path from the folder of `main.ts`; the playground's page is one. */
  readonly readFile?: (path: string) => Promise<string>;
}

/** The same with the defaults. */
type World = Required<Pick<AssembleDeps, "log" | "fetch" | "now" | "readFile">>;

/** The server as a value: nothing listens yet. Disposing of it closes what the app has opened. */
export interface Assembled extends AsyncDisposable {
  /** Answers a request. @param connection What `Deno.serve` tells about it. */
  fetch(request: Request, connection?: Connection): Response | Promise<Response>;
  /**
   * Asks the issuers whether tokens can be verified, and warns in the log of what would keep them from it. Never
   * rejects. Development is its own issuer and has nothing to ask.
   */
  checkIssuers(): Promise<void>;
  /** The authorization server and the playground, in development. */
  readonly development: Development | undefined;
}

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
  { randomUUID = () => crypto.randomUUID(), readFile = noFiles, ...deps }: AssembleDeps,
): Promise<Assembled> {
  const { log, fetch = globalThis.fetch, now = Date.now, telemetry } = deps;
  const world = { log, fetch, now, readFile };
  const inDevelopment = config.development !== undefined;
  const opened = await definition.open({
    env: config.appEnv,
    development: inDevelopment,
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
    { domain: config.widgetDomain, development: inDevelopment },
  );
  const development = await openDevelopment(config, definition, app, world);
  const askIssuer = development?.issuer.fetch ?? fetch;
  // With the first token: whoever needs none does not wait for what verifies signatures.
  const verification = lazy(async () => {
    const { createVerification } = await import("./auth/verification.ts");
    return createVerification({
      ...config,
      fetch: telemetry?.fetch(askIssuer) ?? askIssuer,
      now,
      hint: outageHint,
    });
  });
  let loaded: Awaited<ReturnType<typeof verification>> | undefined;
  const verify: Verify = (...question) =>
    loaded ? loaded.verify(...question) : verification().then((it) => (loaded = it).verify(...question));
  const server = createServer(config, {
    app,
    verify: telemetry?.verify(verify) ?? verify,
    exchange: openExchange(config, app, development, world),
    readiness: {
      keys: async () => await (await verification()).ready(),
      ...(opened.ready && { app: opened.ready }),
    },
    routes: opened.routes,
    development,
  }, { ...deps, now });
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
  world: World,
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
    ...world,
  });
}

function noFiles(): Promise<never> {
  return Promise.reject(new Error("No readFile was given."));
}

/** Loads something when it is first needed, and once. */
function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
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
  { log, fetch, now }: World,
): TokenExchange | undefined {
  const callers = tools.filter(({ upstream }) => upstream).map(({ name }) => name).join(" and ");
  if (callers === "") return undefined;
  const client = tokenExchange ?? development?.issuer.resourceServer;
  if (!client) {
    throw new ConfigError([
      `TOKEN_EXCHANGE_CLIENT_ID is not set: ${callers} calls other APIs on behalf of its callers. ` +
      `Set it and TOKEN_EXCHANGE_CLIENT_SECRET to a client that may exchange tokens at ${issuer}`,
    ]);
  }
  const exchange = lazy(async () => {
    const { createTokenExchange } = await import("./auth/token_exchange.ts");
    return createTokenExchange({
      ...client,
      issuer: issuer!,
      fetch: development?.issuer.fetch ?? fetch,
      now,
      hint: outageHint,
      onFailure: (reason) => log.warn("Cannot exchange a token: {reason}", { reason }),
    });
  });
  return async (...question) => await (await exchange())(...question);
}
