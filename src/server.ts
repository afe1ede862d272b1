import { Hono } from "@hono/hono";
import { cors } from "@hono/hono/cors";
import type { Logger } from "@logtape/logtape";
import { createChallenge } from "./auth/challenge.ts";
import { protectedResource } from "./auth/resource.ts";
import type { TokenExchange } from "./auth/token_exchange.ts";
import type { Verify } from "./auth/verify.ts";
import type { Config } from "./config/config.ts";
import { refusalHint } from "./config/hints.ts";
import type { Development } from "./dev/mod.ts";
import { clientAddress } from "./http/client_address.ts";
import { errorResponse, HttpError } from "./http/errors.ts";
import { createGuard } from "./http/guard.ts";
import { createLogBudget } from "./http/log_budget.ts";
import { createObserve } from "./http/observe.ts";
import { createPages } from "./http/page.ts";
import { createRateLimit } from "./http/rate_limit.ts";
import { createReadiness, type Readiness } from "./http/readiness.ts";
import { type App, describeAccess } from "./mcp/app.ts";
import { createCallLog } from "./mcp/call_log.ts";
import { createSeal } from "./mcp/confirm.ts";
import { createDispatch } from "./mcp/dispatch.ts";
import { createEndpoint } from "./mcp/endpoint.ts";
import { createGate, signIn } from "./mcp/gate.ts";
import { createRefuse } from "./mcp/refusal.ts";
import { createTokenForCallers } from "./mcp/token_for.ts";
import { BrokenOff } from "./net/read_bounded.ts";
import type { Telemetry } from "./telemetry.ts";

/** What the server uses of the world outside. */
export interface ServerDeps {
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly telemetry?: Telemetry | undefined;
  /** Lets the SDK answer everything: for tests that compare the two lanes. */
  readonly sdkOnly?: boolean;
  /** Aborts when the server is about to end; whoever listens then ends the uploads that are in flight. */
  readonly stopping?: AbortSignal;
  /** Resolves after so many milliseconds. */
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
  /** A request may take this long outside of tools, which have their own limit; 30 seconds by default. */
  readonly timeLimitMs?: number;
  /** How often an event stream shows that it is alive, in milliseconds; 15 seconds by default. */
  readonly keepAliveMs?: number;
}

/** What the server is made of; it reads no environment and opens nothing itself. */
export interface ServerParts {
  readonly app: App;
  readonly verify: Verify;
  /** For tools that call other APIs on behalf of their callers. */
  readonly exchange: TokenExchange | undefined;
  readonly readiness: Readiness;
  /** Routes of the app. */
  readonly routes: Hono | undefined;
  /** The authorization server and the playground. */
  readonly development: Development | undefined;
}

/** What `Deno.serve` tells about a connection, as far as we use it: the address behind it. */
export interface Connection {
  readonly remoteAddr?: { readonly hostname?: string };
}

/** Where the path of a URL can begin: after "https://" or "http://x". */
const EARLIEST_PATH = 8;
const TIME_LIMIT_MS = 30_000;
const KEEP_ALIVE_MS = 15_000;

/** What browsers may send to the endpoint and read from its answers (TRN-25). */
const CORS = {
  allowMethods: ["POST"],
  allowHeaders: [
    ...["authorization", "content-type", "accept", "last-event-id"],
    ...["mcp-protocol-version", "mcp-method", "mcp-name", "mcp-session-id"],
  ],
  exposeHeaders: ["WWW-Authenticate", "Retry-After", "MCP-Protocol-Version", "Mcp-Session-Id"],
  maxAge: 600,
};

/** At the root of the origin, whatever the path of the endpoint. */
const OPENAI_APPS_CHALLENGE = "/.well-known/openai-apps-challenge";

/** Builds the whole HTTP surface. */
export function createServer(
  config: Config,
  { app, verify, exchange, readiness, routes, development }: ServerParts,
  { log, now, telemetry, sdkOnly, stopping, wait, ...limits }: ServerDeps,
): { fetch(request: Request, connection?: Connection): Promise<Response> } {
  const { timeLimitMs = TIME_LIMIT_MS, keepAliveMs = KEEP_ALIVE_MS } = limits;
  const { challengeMode: mode, logCalls, trustedProxies, openaiAppsChallenge } = config;
  const { name, title, version, publisher = {} } = app;
  const scopes = Object.keys(app.scopes);
  const resource = protectedResource({ ...config, scopes, name: title, pages: publisher });
  const guard = createGuard(config);
  const challenge = createChallenge(resource.metadataUrl);
  const serverInfo = {
    name,
    title,
    version,
    ...(publisher.website !== undefined && { websiteUrl: publisher.website }),
  };
  const gate = createGate(app, config.challengeScopes);
  const budget = createLogBudget(log, now);
  const logCall = createCallLog({ log, budget, now, mode, logCalls, hint: refusalHint });
  const endpoint = createEndpoint({
    verify,
    rateLimit: createRateLimit({ perMinute: config.rateLimitPerMinute, now, wait }),
    dispatch: createDispatch({
      app,
      serverInfo,
      gate: telemetry?.gate(gate) ?? gate,
      onFailure: (target, error) => log.error("{target} failed: {error}", { target, error }),
      log,
      seal: createSeal(config.requestStateKey),
      keepAliveMs,
      tokenFor: exchange && createTokenForCallers({ exchange, challenge, scopes }),
      sdkOnly,
    }),
    refuse: createRefuse({ serverInfo, challenge, mode }),
    observeCall: telemetry ? (call, answer) => telemetry.call(call, () => logCall(call, answer)) : logCall,
    signInFirst: config.requireAuth ? signIn(title, scopes) : undefined,
    timeLimitMs,
  });
  const pages = createPages({
    ...app,
    endpoint: config.resource,
    tools: app.tools.map((tool) => describeAccess(tool, app)),
    playground: development?.playground,
  });

  const observe = createObserve(resource.path, { log, budget, now });
  const server = new Hono();
  server.use(async (c, next) => {
    const started = now();
    await next();
    observe(c.req, c.res, c.error, started);
  });
  server.get("/health", (c) => c.json({ status: "ok" }));
  server.get("/ready", createReadiness(readiness, log));
  server.use((c, next) => {
    guard.checkHost(c.req.raw);
    return next();
  });
  for (const path of resource.metadataPaths) {
    server.use(path, cors({ origin: "*", allowMethods: ["GET", "HEAD"], maxAge: CORS.maxAge }));
    server.get(path, (c) => c.json(resource.metadata, 200, { "cache-control": "public, max-age=300" }));
    server.all(path, (c) => notAllowed(c.req.raw, "GET, HEAD, OPTIONS"));
  }
  // Never kept anywhere, so that a token set later is seen at once, and one that is taken away is gone.
  server.get(OPENAI_APPS_CHALLENGE, (c) => {
    c.header("cache-control", "no-store");
    return openaiAppsChallenge === undefined ? c.text("Not set.", 404) : c.text(openaiAppsChallenge);
  });
  server.all(OPENAI_APPS_CHALLENGE, (c) => notAllowed(c.req.raw, "GET, HEAD"));
  const crossOrigin = cors({ ...CORS, origin: (origin) => guard.allowsOrigin(origin) ? origin : null });
  // Hosts are no web pages: they send no Origin, and pay for none of this.
  server.use(resource.path, (c, next) => {
    const origin = c.req.raw.headers.get("origin");
    if (origin === null) return next();
    guard.checkOrigin(origin);
    return crossOrigin(c, next);
  });
  server.post(resource.path, (c) => call(c.req.raw, c.env as Connection | undefined));
  if (development) server.route("/", development.app);
  if (routes) server.route("/", routes);
  server.get("/", (c) => asksForPage(c.req.raw) ? pages.start() : notFound(c.req.raw));
  server.get(resource.path, (c) => asksForPage(c.req.raw) ? pages.start() : notAllowed(c.req.raw, "POST"));
  server.all(resource.path, (c) => notAllowed(c.req.raw, "POST"));
  server.notFound((c) => notFound(c.req.raw));
  server.onError((error, c) => failed(c.req.raw, asHttpError(error)));
  return { fetch };

  /** Calls of hosts go past the router, which would take a tenth of their time; those of web pages need it. */
  async function fetch(request: Request, connection?: Connection): Promise<Response> {
    const { method, url, headers } = request;
    const isCall = method === "POST" && url.slice(url.indexOf("/", EARLIEST_PATH)) === resource.path;
    if (!isCall || headers.has("origin")) return await server.fetch(request, connection);
    const started = now();
    let error: unknown;
    let response: Response;
    try {
      guard.checkHost(request);
      response = await call(request, connection);
    } catch (thrown) {
      error = thrown;
      response = errorResponse(asHttpError(thrown));
    }
    observe({ method, path: resource.path }, response, error, started);
    return response;
  }

  function call(request: Request, connection: Connection | undefined): Promise<Response> {
    const peer = connection?.remoteAddr?.hostname;
    return endpoint(request, clientAddress(request.headers, peer, trustedProxies), peer !== undefined);
  }

  function failed(request: Request, error: HttpError): Response | Promise<Response> {
    return asksForPage(request) ? pages.error(error) : errorResponse(error);
  }

  function notAllowed(request: Request, allow: string): Response | Promise<Response> {
    return failed(request, new HttpError(405, `Method not allowed: use ${allow}.`, { allow }));
  }

  function notFound(request: Request): Response | Promise<Response> {
    const message = `There is nothing at this path. The MCP endpoint is ${resource.path}`;
    return failed(request, new HttpError(404, message));
  }

  function asHttpError(error: unknown): HttpError {
    if (error instanceof HttpError) return error;
    if (error instanceof BrokenOff) {
      return stopping?.aborted
        ? new HttpError(503, "The server is stopping. Send the request again.", { "retry-after": "1" })
        : new HttpError(400, "The request ended before its body was complete.");
    }
    log.error("A request failed: {error}", { error });
    return new HttpError(500, "Something went wrong on our side. Try again later.");
  }
}

/** Only browsers ask for HTML, and only to look at something. */
function asksForPage({ method, headers }: Request): boolean {
  return (method === "GET" || method === "HEAD") && (headers.get("accept") ?? "").includes("text/html");
}
