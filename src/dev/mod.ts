import type { Hono } from "@hono/hono";
import type { DatabaseSync } from "node:sqlite";
import { banner } from "./banner.ts";
import { createDevIssuer, type DevIssuerOptions } from "./issuer/issuer.ts";
import { createPlayground } from "./playground/server/playground.ts";

/** What development needs to know of the server it belongs to. */
export interface DevelopmentOptions
  extends
    Pick<DevIssuerOptions, "issuer" | "resource" | "scopes" | "accessTokenSeconds" | "signingAlgorithm"> {
  /** Of the app. */
  readonly name: string;
  readonly title: string;
  readonly database: DatabaseSync | undefined;
  /** Others than this machine can reach the server. */
  readonly isPublic: boolean;
}

/** The parts that only development has. */
export interface Development {
  /** Routes of the authorization server and the playground. */
  readonly app: Hono;
  /** URL of the playground, where there is one. */
  readonly playground: string | undefined;
  /** Reaches the authorization server without the network. */
  readonly fetch: typeof fetch;
  /** What to print at the start. */
  readonly banner: string;
}

/**
 * Sets up the authorization server and the playground. In public the sign-in asks for a passcode, and the
 * playground, whose buttons make the authorization server misbehave, stays away.
 */
export async function createDevelopment(options: DevelopmentOptions): Promise<Development> {
  const { name, title, database, isPublic, ...settings } = options;
  const passcode = isPublic ? crypto.randomUUID().slice(0, 8) : undefined;
  const issuer = await createDevIssuer({
    ...settings,
    ...(database && { database }),
    ...(passcode && { passcode }),
  });
  const { resource } = options;
  const app = isPublic ? issuer.app : createPlayground({ issuer, resource, title });
  const playground = isPublic ? undefined : `${new URL(resource).origin}/playground`;
  return {
    app,
    playground,
    fetch: issuer.fetch,
    banner: banner({ name, title, resource, issuer: options.issuer, playground, passcode }),
  };
}
