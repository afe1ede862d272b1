import { Hono } from "@hono/hono";
import { z } from "zod";
import type { DevIssuer } from "../../issuer/issuer.ts";
import { OAuthError } from "../../issuer/oauth_error.ts";
import { personNamed } from "../../issuer/people.ts";

/** Sent by the page with every request that changes something; a foreign page cannot send it without a preflight. */
export const PLAYGROUND_HEADER = "x-playground";

const Outage = z.strictObject({ down: z.boolean() });
const Session = z.strictObject({
  person: z.string().max(200).refine((name) => personNamed(name) !== undefined, "is not a name"),
  clientId: z.string().max(2048),
  scopes: z.array(z.string().max(100)).max(50),
});

/**
 * What the page's trouble buttons do. Each request needs the page's own `Origin` and a header of its own, so no other
 * page can make trouble here (403).
 *
 * @param page Origin of the page.
 * @param now Milliseconds since the epoch.
 */
export function createTrouble(
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

  /** A twin of the caller's access token whose time is over: good for nothing but being refused. */
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

/** While the outage lasts, nothing of the authorization server answers. */
export function outage({ faults }: DevIssuer): Response | undefined {
  if (!faults.discoveryDown) return undefined;
  const message = "The authorization server is down: the playground switched it off.";
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
