import { createDevIssuer } from "../../src/dev/issuer/issuer.ts";
import type { ClientFiles } from "../../src/dev/playground/server/client_files.ts";
import { createPlayground, type PlaygroundOptions } from "../../src/dev/playground/server/playground.ts";
import { createTestServer, RESOURCE } from "../support.ts";

export const PAGE = new URL(RESOURCE).origin;
export const SANDBOX = PAGE.replace("localhost", "127.0.0.1");

/** Takes the place of the built page, which needs a permission to be read. */
const CLIENT: ClientFiles = { script: "", style: "", source: "1" };

/** A development server in this process, without network or permission. */
export async function createDevelopmentServer(
  resource: string = RESOURCE,
  options: Partial<PlaygroundOptions> = {},
) {
  const { host, origin } = new URL(resource);
  const now = Date.now;
  const scopes = { "notes:read": "See your notes" };
  const issuer = await createDevIssuer({ issuer: `${origin}/auth`, resource, scopes, now });
  const { server } = await createTestServer({
    resource,
    audiences: [resource],
    fetch: issuer.fetch,
    issuers: [issuer.issuer],
    routes: createPlayground({
      prompts: [],
      client: CLIENT,
      ...options,
      issuer,
      resource,
      title: "Notes",
      now,
    }),
    allowedHosts: [host],
    allowedOrigins: [origin],
    now,
  });
  return { server, issuer };
}
