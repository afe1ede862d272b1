import type { Hono } from "@hono/hono";
import type { Logger } from "@logtape/logtape";
import type { DatabaseSync } from "node:sqlite";
import { banner } from "./banner.ts";
import { createDevIssuer, type DevIssuerOptions } from "./issuer/issuer.ts";
import { createPlayground } from "./playground/server/playground.ts";

/** What development needs to know of the server it belongs to. */
export interface DevelopmentOptions extends
  Pick<
    DevIssuerOptions,
    | "issuer"
    | "resource"
    | "scopes"
    | "accessTokenSeconds"
    | "signingAlgorithm"
    | "advertiseClientDocuments"
  > {
  /** Of the app. */
  readonly name: string;
  readonly title: string;
  readonly database: DatabaseSync | undefined;
  /** Whether others than this machine can reach the server. */
  readonly isPublic: boolean;
  readonly log: Logger;
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
 * Sets up the authorization server and the playground. In public, sign-in asks for a passcode and there is no
 * playground, because its buttons make the authorization server misbehave.
 */
export async function createDevelopment(options: DevelopmentOptions): Promise<Development> {
  const { name, title, database, isPublic, log, ...settings } = options;
  const passcode = isPublic ? createPasscode() : undefined;
  const issuer = await createDevIssuer({
    ...settings,
    ...(database && { database }),
    ...(passcode && { passcode }),
    onFailure: (reason) => log.warn("{reason}", { reason }),
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

/** Crockford's base32: no letters that look like others. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** 60 random bits, as in `k7mq-2xvd-9rtw`: the right passcode is always accepted, so it must withstand guessing. */
function createPasscode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const characters = Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
  return characters.replace(/(.{4})(?=.)/g, "$1-");
}
