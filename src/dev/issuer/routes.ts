import { Hono } from "@hono/hono";
import { cors } from "@hono/hono/cors";
import type { Faults } from "./faults.ts";
import { discoveryPaths, endpoints } from "./metadata.ts";
import { OAuthError } from "./oauth_error.ts";
import type { SigningKeys } from "./keys/signing_keys.ts";

type Endpoint = (request: Request) => Promise<Response>;

/** What answers at each endpoint. */
export interface Handlers {
  readonly authorize: Endpoint;
  readonly decide: Endpoint;
  readonly token: Endpoint;
  readonly registration: Endpoint;
  readonly revoke: Endpoint;
  readonly userinfo: Endpoint;
}

/** Every route of the issuer, by full path. Any web page may call those without a person, and no others (AS-12). */
export function createRoutes(options: {
  issuer: string;
  metadata: Record<string, unknown>;
  keys: SigningKeys;
  faults: Faults;
  handlers: Handlers;
}): Hono {
  const { issuer, metadata, keys, faults, handlers } = options;
  const urls = endpoints(issuer);
  const app = new Hono();
  const openToAll = cors({
    origin: "*",
    allowMethods: ["GET", "POST"],
    exposeHeaders: ["WWW-Authenticate", "Retry-After"],
  });
  const path = (url: string) => new URL(url).pathname;

  for (const discovery of discoveryPaths(issuer)) {
    app.use(discovery, openToAll);
    app.get(discovery, (c) => faults.discoveryDown ? unavailable() : c.json(metadata));
  }
  for (const url of [urls.jwks, urls.token, urls.registration, urls.revocation, urls.userinfo]) {
    app.use(path(url), openToAll);
  }
  app.get(path(urls.jwks), async (c) => {
    await faults.keysSlow;
    return faults.keysDown ? unavailable() : c.json({ keys: keys.published() });
  });
  app.get(path(urls.authorization), (c) => handlers.authorize(c.req.raw));
  app.post(path(urls.consent), (c) => handlers.decide(c.req.raw));
  app.post(path(urls.token), (c) => handlers.token(c.req.raw));
  app.post(path(urls.registration), (c) => handlers.registration(c.req.raw));
  app.post(path(urls.revocation), (c) => handlers.revoke(c.req.raw));
  app.on(["GET", "POST"], path(urls.userinfo), (c) => handlers.userinfo(c.req.raw));

  app.onError((cause) => {
    if (cause instanceof OAuthError) return cause.toResponse();
    // A fault of ours: whoever serves the app logs it and answers 500.
    throw cause;
  });
  return app;
}

function unavailable(): Response {
  return new OAuthError("temporarily_unavailable", "A fault was switched on.", { status: 503 }).toResponse();
}
