import { Hono } from "@hono/hono";
import { cors } from "@hono/hono/cors";
import type { Logger } from "@logtape/logtape";
import { authenticate } from "./auth/authenticate.ts";
import { createChallenge } from "./auth/challenge.ts";
import { InvalidToken, IssuerUnavailable, MalformedCredentials } from "./auth/errors.ts";
import { protectedResource, protectedResourceMetadata } from "./auth/resource.ts";
import type { Verify } from "./auth/verify.ts";
import { readJson } from "./http/body.ts";
import { errorResponse, HttpError } from "./http/errors.ts";
import { createGuard, type GuardOptions } from "./http/guard.ts";
import { observe } from "./http/observe.ts";
import { PAGE_HEADERS, renderPage } from "./http/page.ts";
import { withTimeLimit } from "./http/time_limit.ts";
import { type App, checkApp, scopesOfApp } from "./mcp/app.ts";
import { type Refusal, signIn } from "./mcp/gate.ts";
import { createHandler } from "./mcp/handler.ts";
import { messagesOf } from "./mcp/message.ts";
import { type ChallengeMode, createRefuse } from "./mcp/refusal.ts";

/** Everything the server needs from outside; it reads no environment and opens nothing itself. */
export interface ServerOptions {
  readonly app: App;
  readonly verify: Verify;
  /** Issuers of accepted tokens, for the resource's metadata. */
  readonly issuers: readonly string[];
  /** The public URL of the MCP endpoint. */
  readonly resource: string;
  readonly guard: GuardOptions;
  readonly challengeMode: ChallengeMode;
  /** Every request needs a token, whatever the tools say (MIX-06). */
  readonly requireAuth: boolean;
  /** What has to work before the server is ready, by name; a rejection says what does not. */
  readonly readiness: Readonly<Record<string, () => Promise<unknown>>>;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly timeLimitMs: number;
}

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

/**
 * Builds the whole HTTP surface. A POST of the endpoint is checked in this order: Host, Origin (403), size (413),
 * media type (415), JSON (400), token if one was sent (401), era and headers (400), access policy (401, 403).
 */
export function createServer(options: ServerOptions): Hono {
  const { app, verify, log, requireAuth, timeLimitMs } = options;
  checkApp(app);
  const resource = protectedResource(options.resource);
  const scopes = scopesOfApp(app);
  const metadata = protectedResourceMetadata({ resource, issuers: options.issuers, scopes, name: app.title });
  const guard = createGuard(options.guard);
  const challenge = createChallenge(resource.metadataUrl);
  const refuse = createRefuse({ app, challenge, mode: options.challengeMode });
  const handle = createHandler({
    app,
    refuse,
    onToolFailure: (tool, error) => log.error("The tool {tool} failed: {error}", { tool, error }),
  });
  const page = renderPage({ ...app, endpoint: resource.identifier, tools: app.tools.map(describeTool) });

  async function serveMcp(request: Request): Promise<Response> {
    guard.checkOrigin(request);
    return await withTimeLimit(timeLimitMs, async (signal) => {
      const body = await readJson(request);
      const principal = await authenticate(request.headers, verify).catch(asRefusal);
      if (principal && "challenge" in principal) return refuse(request, messagesOf(body), principal);
      if (requireAuth && !principal) return refuse(request, messagesOf(body), signIn(app.title, scopes));
      const response = await handle(request, body, principal, signal);
      if (principal) response.headers.set("cache-control", "no-store");
      return response;
    });
  }

  function asRefusal(error: unknown): Refusal {
    if (error instanceof IssuerUnavailable) {
      log.warn("Cannot verify tokens: {reason}", { reason: error.message });
      throw new HttpError(
        503,
        "Tokens cannot be verified right now: the authorization server does not answer. Try again.",
        {
          "retry-after": String(error.retryAfterSeconds),
        },
      );
    }
    if (error instanceof InvalidToken) {
      log.info("Refused a token: {fault}", { fault: error.fault });
      return badCredentials(401, "invalid_token", error.description);
    }
    if (error instanceof MalformedCredentials) {
      return badCredentials(400, "invalid_request", error.description);
    }
    throw error;
  }

  async function ready(): Promise<Response> {
    const checks = Object.entries(options.readiness).map(async ([name, check]) => {
      return [
        name,
        await check().then(() => "ok", (error) => error instanceof Error ? error.message : String(error)),
      ];
    });
    const results = Object.fromEntries(await Promise.all(checks));
    return Response.json(results, {
      status: Object.values(results).every((result) => result === "ok") ? 200 : 503,
    });
  }

  const server = new Hono();
  server.use(observe(log, options.now));
  server.get("/health", (c) => c.json({ status: "ok" }));
  server.get("/ready", ready);
  server.use(async (c, next) => {
    guard.checkHost(c.req.raw);
    await next();
  });
  for (const path of resource.metadataPaths) {
    server.use(path, cors({ origin: "*", allowMethods: ["GET", "HEAD"], maxAge: CORS.maxAge }));
    server.get(path, (c) => c.json(metadata, 200, { "cache-control": "public, max-age=300" }));
    server.all(path, () => notAllowed("GET, HEAD, OPTIONS"));
  }
  server.use(
    resource.path,
    cors({ ...CORS, origin: (origin) => guard.allowsOrigin(origin) ? origin : null }),
  );
  server.post(resource.path, (c) => serveMcp(c.req.raw));
  server.get("/", (c) => acceptsHtml(c.req.raw) ? c.body(page, 200, PAGE_HEADERS) : notFound(resource.path));
  server.get(
    resource.path,
    (c) => acceptsHtml(c.req.raw) ? c.body(page, 200, PAGE_HEADERS) : notAllowed("POST"),
  );
  server.all(resource.path, () => notAllowed("POST"));
  server.notFound(() => notFound(resource.path));
  server.onError((error) => {
    if (error instanceof HttpError) return errorResponse(error);
    log.error("A request failed: {error}", { error });
    return errorResponse(new HttpError(500, "Something went wrong on our side. Try again later."));
  });
  return server;
}

function badCredentials(
  status: 400 | 401,
  error: "invalid_request" | "invalid_token",
  description: string,
): Refusal {
  const challenge = { error, error_description: description };
  return { status, challenge, hint: challenge, text: description };
}

function describeTool({ name, title, access }: App["tools"][number]) {
  const levels = {
    anyone: "Open to everyone.",
    mixed: "Open to everyone; better when signed in.",
    signedIn: "Needs sign-in.",
  };
  return { name, title, access: levels[access.level] };
}

function acceptsHtml(request: Request): boolean {
  return (request.headers.get("accept") ?? "").includes("text/html");
}

function notAllowed(allow: string): Response {
  return errorResponse(new HttpError(405, `Method not allowed: use ${allow}.`, { allow }));
}

function notFound(endpoint: string): Response {
  return errorResponse(new HttpError(404, `There is nothing at this path. The MCP endpoint is ${endpoint}`));
}
