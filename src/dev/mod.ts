import type { Hono } from "@hono/hono";
import type { Logger } from "@logtape/logtape";
import type { DatabaseSync } from "node:sqlite";
import { banner } from "./banner.ts";
import { createDevIssuer, type DevIssuer, type DevIssuerOptions } from "./issuer/issuer.ts";
import { readClientFiles } from "./playground/server/client_files.ts";
import { createPlayground, type PlaygroundContent } from "./playground/server/playground.ts";

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
    | "now"
    | "fetch"
  > {
  /** Of the app. */
  readonly name: string;
  readonly title: string;
  readonly database: DatabaseSync | undefined;
  /** What the app brings to the playground. */
  readonly playground: PlaygroundContent;
  /** Reads a file as text; its path is relative to the folder of `main.ts`. */
  readonly readFile: (path: string) => Promise<string>;
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
  readonly issuer: DevIssuer;
  /** What to print at the start. */
  readonly banner: string;
}

/**
 * Sets up the authorization server and the playground. In public, sign-in asks for a passcode and there is no
 * playground, because its buttons make the authorization server misbehave.
 */
export async function createDevelopment(options: DevelopmentOptions): Promise<Development> {
  const { name, title, database, isPublic, log, playground: content, readFile, ...settings } = options;
  const passcode = isPublic ? createPasscode() : undefined;
  const issuer = await createDevIssuer({
    ...settings,
    ...(database && { database }),
    ...(passcode && { passcode }),
    onFailure: (reason) => log.warn("{reason}", { reason }),
  });
  const { resource } = options;
  const client = isPublic ? undefined : await readClientFiles(readFile);
  const app = isPublic ? issuer.app : createPlayground({ ...content, issuer, client, resource, title });
  const playground = isPublic ? undefined : `${new URL(resource).origin}/playground`;
  const notBuilt = playground && !client ? " (not built: run `deno task build`, then start again)" : "";
  return {
    app,
    playground,
    issuer,
    banner: banner({
      name,
      title,
      resource,
      issuer: options.issuer,
      playground: playground && playground + notBuilt,
      passcode,
    }),
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
