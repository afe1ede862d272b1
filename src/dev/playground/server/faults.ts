import { Hono } from "@hono/hono";
import { z } from "zod";
import type { DevIssuer } from "../../issuer/issuer.ts";
import { OAuthError } from "../../issuer/oauth_error.ts";
import { personNamed } from "../../issuer/people.ts";

/** The page sends it with every request that changes something; another page cannot without a CORS preflight. */
const PLAYGROUND_HEADER = "x-playground";

const Outage = z.strictObject({ down: z.boolean() });
const Session = z.strictObject({
  person: z.string().max(200).refine((name) => personNamed(name) !== undefined, "is not a name"),
  clientId: z.string().max(2048),
  scopes: z.array(z.string().max(100)).max(50),
});

/**
 * Routes that switch faults of the authorization server on and off. Each request needs the page's own `Origin` and a
 * custom header, so no other page can send one (403).
 *
 * @param page Origin of the page.
 * @param now Milliseconds since the epoch.
 */
export function createFaultRoutes(
  { issuer, page, now }: { readonly issuer: DevIssuer; readonly page: string; readonly now: () => number },
): Hono {
  const app = new Hono();

  app.use(async (c, next) => {
    if (c.req.header("origin") !== page || c.req.header(PLAYGROUND_HEADER) !== "1") {
      return c.json({ error: "Only the playground page may do this." }, 403);
    }
    await next();
  });

  app.post("/outage", async (c) => {
    const { down } = read(Outage, await c.req.text());
    issuer.faults.discoveryDown = down;
    issuer.faults.keysDown = down;
    return c.body(null, 204);
  });

  app.post("/rotated-keys", async (c) => {
    await issuer.faults.rotateKeys();
    return c.body(null, 204);
  });

  /** An access token like the caller's that has expired, so it is only good for being refused. */
  app.post("/expired-token", async (c) => {
    const { person, clientId, scopes } = read(Session, await c.req.text());
    const end = Math.floor(now() / 1000) - 3600;
    const claims = { iat: end - 600, exp: end };
    const access_token = await issuer.accessToken({ person, clientId, scopes, claims });
    return c.json({ access_token }, 200, { "cache-control": "no-store" });
  });

  app.onError((error, c) => {
    if (error instanceof BadRequest) return c.json({ error: error.message }, 400);
    throw error;
  });
  return app;
}

/** The answer of every route of the authorization server while it is switched off. */
export function outageResponse({ faults }: DevIssuer): Response | undefined {
  if (!faults.discoveryDown) return undefined;
  const message = "The authorization server is switched off in the playground. Switch it on again there.";
  return new OAuthError("temporarily_unavailable", message, { status: 503, headers: { "retry-after": "1" } })
    .toResponse();
}

class BadRequest extends Error {}

function read<Schema extends z.ZodType>(schema: Schema, body: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new BadRequest("The body is not JSON.");
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new BadRequest(z.prettifyError(parsed.error));
  return parsed.data;
}
