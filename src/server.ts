import { Hono } from "@hono/hono";
import { cors } from "@hono/hono/cors";
import type { Logger } from "@logtape/logtape";
import { createChallenge } from "./auth/challenge.ts";
import type { TokenExchange } from "./auth/token_exchange.ts";
import { protectedResource, protectedResourceMetadata } from "./auth/resource.ts";
import type { Verify } from "./auth/verify.ts";
import { type CallLogOptions, createCallLog } from "./mcp/call_log.ts";
import { createEndpoint } from "./mcp/endpoint.ts";
import { clientAddress } from "./http/client_address.ts";
import { errorResponse, HttpError } from "./http/errors.ts";
import { createSeal } from "./mcp/confirm.ts";
import { createGuard, type GuardOptions } from "./http/guard.ts";
import { observe } from "./http/observe.ts";
import type { RateLimit } from "./http/rate_limit.ts";
import { createPages } from "./http/page.ts";
import { createReadiness, type Readiness } from "./http/readiness.ts";
import { type App, describeAccess } from "./mcp/app.ts";
import { type ChallengeScopes, createGate, signIn } from "./mcp/gate.ts";
import { createDispatch } from "./mcp/dispatch.ts";
import { type ChallengeMode, createRefuse } from "./mcp/refusal.ts";
import { createTokenForCallers } from "./mcp/token_for.ts";
import { BrokenOff } from "./net/read_bounded.ts";
import type { Telemetry } from "./telemetry.ts";

/** Everything the server needs from outside; it reads no environment and opens nothing itself. */
export interface ServerOptions extends Pick<CallLogOptions, "hint" | "logCalls"> {
  readonly app: App;
  readonly verify: Verify;
  /** For tools that call other APIs on behalf of their callers. */
  readonly exchange?: TokenExchange | undefined;
  /** Issuers of accepted tokens, for the resource's metadata. */
  readonly issuers: readonly string[];
  /** The public URL of the MCP endpoint. */
  readonly resource: string;
  readonly guard: GuardOptions;
  readonly rateLimit: RateLimit;
  /** How many proxies of ours every request passes, which tell its address; by default none. */
  readonly trustedProxies?: number;
  readonly challengeMode: ChallengeMode;
  /** By default "needed". */
  readonly challengeScopes?: ChallengeScopes;
  /** Every request needs a token, whatever the tools say (MIX-06). */
  readonly requireAuth: boolean;
  readonly readiness: Readiness;
  /** The token by which OpenAI recognises the owner of the origin, while an app is under review. */
  readonly openaiAppsChallenge?: string | undefined;
  /** Routes of the app. */
  readonly routes?: Hono | undefined;
  /** Routes that only development has: its authorization server and playground. */
  readonly development?: Hono | undefined;
  /** URL of the playground, where there is one. */
  readonly playground?: string | undefined;
  readonly telemetry?: Telemetry | undefined;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** For what happens outside of tools, which have their own. */
  readonly timeLimitMs: number;
  /** Seals the questions that tools put to people; made up if undefined. At least 32 bytes. */
  readonly requestStateKey?: string | undefined;
  /** How often an event stream shows that it is alive, in milliseconds; 15 seconds by default. */
  readonly keepAliveMs?: number | undefined;
  /** Lets the SDK answer everything: for tests that compare the two lanes. */
  readonly sdkOnly?: boolean | undefined;
  /** Aborts when the server stops; whoever listens then ends the uploads that are in flight. */
  readonly stopping?: AbortSignal | undefined;
}

/** What `Deno.serve` tells about a connection, as far as we use it. */
interface Connection {
  readonly remoteAddr?: { readonly hostname?: string };
}

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
export function createServer(options: ServerOptions): Hono {
  const { app, log, trustedProxies = 0, challengeScopes = "needed" } = options;
  const resource = protectedResource(options.resource);
  const scopes = Object.keys(app.scopes);
  const { name, title, version, publisher = {} } = app;
  const metadata = protectedResourceMetadata({
    ...{ resource, scopes, pages: publisher, name: title },
    issuers: options.issuers,
  });
  const guard = createGuard(options.guard);
  const challenge = createChallenge(resource.metadataUrl);
  const serverInfo = {
    name,
    title,
    version,
    ...(publisher.website !== undefined && { websiteUrl: publisher.website }),
  };
  const { challengeMode: mode } = options;
  const refuse = createRefuse({ serverInfo, challenge, mode });
  const onFailure = (target: string, error: unknown) =>
    log.error("{target} failed: {error}", { target, error });
  const { exchange, telemetry } = options;
  const gate = createGate(app, challengeScopes);
  const logCall = createCallLog({ ...options, mode });
  const endpoint = createEndpoint({
    ...options,
    dispatch: createDispatch({
      app,
      serverInfo,
      gate: telemetry?.gate(gate) ?? gate,
      onFailure,
      log,
      seal: createSeal(options.requestStateKey),
      keepAliveMs: options.keepAliveMs ?? KEEP_ALIVE_MS,
      tokenFor: exchange && createTokenForCallers({ exchange, challenge, scopes }),
      sdkOnly: options.sdkOnly,
    }),
    refuse,
    observeCall: telemetry ? (call, answer) => telemetry.call(call, () => logCall(call, answer)) : logCall,
    signInFirst: options.requireAuth ? signIn(app.title, scopes) : undefined,
  });
  const pages = createPages({
    ...app,
    endpoint: resource.identifier,
    tools: app.tools.map((tool) => describeAccess(tool, app)),
    playground: options.playground,
  });

  const server = new Hono();
  server.use(observe(resource.path, log, options.now));
  server.get("/health", (c) => c.json({ status: "ok" }));
  server.get("/ready", createReadiness(options.readiness, log));
  server.use(async (c, next) => {
    guard.checkHost(c.req.raw);
    await next();
  });
  for (const path of resource.metadataPaths) {
    server.use(path, cors({ origin: "*", allowMethods: ["GET", "HEAD"], maxAge: CORS.maxAge }));
    server.get(path, (c) => c.json(metadata, 200, { "cache-control": "public, max-age=300" }));
    server.all(path, (c) => notAllowed(c.req.raw, "GET, HEAD, OPTIONS"));
  }
  // Never kept anywhere, so that a token set later is seen at once, and one that is taken away is gone.
  server.get(OPENAI_APPS_CHALLENGE, (c) => {
    c.header("cache-control", "no-store");
    return options.openaiAppsChallenge === undefined
      ? c.text("Not set.", 404)
      : c.text(options.openaiAppsChallenge);
  });
  server.all(OPENAI_APPS_CHALLENGE, (c) => notAllowed(c.req.raw, "GET, HEAD"));
  server.use(resource.path, async (c, next) => {
    guard.checkOrigin(c.req.raw);
    await next();
  });
  const crossOrigin = cors({ ...CORS, origin: (origin) => guard.allowsOrigin(origin) ? origin : null });
  // Hosts are no web pages: they send no Origin, and pay for none of this.
  server.use(
    resource.path,
    (c, next) => c.req.header("origin") === undefined ? next() : crossOrigin(c, next),
  );
  server.post(resource.path, (c) => {
    const peer = (c.env as Connection | undefined)?.remoteAddr?.hostname;
    return endpoint(c.req.raw, clientAddress(c.req.raw.headers, peer, trustedProxies));
  });
  if (options.development) server.route("/", options.development);
  if (options.routes) server.route("/", options.routes);
  server.get("/", (c) => asksForPage(c.req.raw) ? pages.start() : notFound(c.req.raw));
  server.get(resource.path, (c) => asksForPage(c.req.raw) ? pages.start() : notAllowed(c.req.raw, "POST"));
  server.all(resource.path, (c) => notAllowed(c.req.raw, "POST"));
  server.notFound((c) => notFound(c.req.raw));
  server.onError((error, c) => failed(c.req.raw, asHttpError(error)));
  return server;

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

  function asHttpError(error: Error): HttpError {
    if (error instanceof HttpError) return error;
    if (error instanceof BrokenOff) {
      return options.stopping?.aborted
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
