import type { Hono } from "@hono/hono";
import { DatabaseSync } from "node:sqlite";
import { createAccessTokenReader } from "./keys/access_token_reader.ts";
import { createAuthorize } from "./endpoints/authorize.ts";
import { createClients } from "./clients/clients.ts";
import { createConsent } from "./endpoints/consent.ts";
import { migrate } from "./database.ts";
import { type ResolveHostname, resolveHostname } from "./clients/document_fetcher.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createGrantStore } from "./grants/grant_store.ts";
import { createInProcessFetch } from "./in_process_fetch.ts";
import { checkIssuer, issuerMetadata } from "./metadata.ts";
import { personNamed } from "./people.ts";
import { createRequestStore } from "./grants/request_store.ts";
import { createRevoke } from "./endpoints/revoke.ts";
import { createRoutes } from "./routes.ts";
import { openSigningKeys, type SigningAlgorithm } from "./keys/signing_keys.ts";
import { createToken } from "./endpoints/token.ts";
import { createTokenMinter } from "./keys/token_minter.ts";
import { createUserinfo } from "./endpoints/userinfo.ts";

/** How to set up a {@linkcode DevIssuer}. */
export interface DevIssuerOptions {
  /** Issuer identifier without a trailing slash, e.g. `http://localhost:8000/auth`; https unless on loopback. */
  readonly issuer: string;
  /** The one protected resource: always the `aud` of access tokens. */
  readonly resource: string;
  /** The scopes of the resource, with the words that the consent page shows for them. */
  readonly scopes: Readonly<Record<string, string>>;
  /** Where to keep state, in tables that begin with `dev_`; in memory when absent. */
  readonly database?: DatabaseSync;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Fetches clients' documents and keys. */
  readonly fetch?: typeof fetch;
  /** Addresses of a host name, for the check before each fetch; by default the system's resolver. */
  readonly resolve?: ResolveHostname;
  /** When set, sign-in asks for it. */
  readonly passcode?: string;
  /** Lifetime of access and ID tokens; 600 by default. */
  readonly accessTokenSeconds?: number;
  /** ES256 by default. */
  readonly signingAlgorithm?: SigningAlgorithm;
}

/** What {@linkcode DevIssuer.accessToken} puts into a token. */
export interface TestAccessToken {
  /** Name of the person, as typed on the sign-in page; Ada by default. */
  readonly person?: string;
  /** All scopes of the resource by default. */
  readonly scopes?: readonly string[];
  readonly clientId?: string;
  /** Claims to add or replace; `undefined` removes one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Protected header parameters to add or replace. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** An authorization server for development and tests. Anyone who reaches it can be anyone: never use it in production. */
export interface DevIssuer {
  readonly issuer: string;
  /** Every route by full path, to serve or to mount: `server.route("/", issuer.app)`. */
  readonly app: Hono;
  /** Answers the issuer's URLs in this process, without network or permission, and rejects all others. */
  readonly fetch: typeof fetch;
  /** An access token without a sign-in, for tests. */
  accessToken(options?: TestAccessToken): Promise<string>;
  /** Makes the issuer misbehave. */
  readonly faults: Faults;
}

/** Sets up an authorization server with its sign-in page; nothing listens until `app` is served. */
export async function createDevIssuer(options: DevIssuerOptions): Promise<DevIssuer> {
  const { issuer, resource, scopes, passcode } = options;
  const now = options.now ?? Date.now;
  const accessTokenSeconds = options.accessTokenSeconds ?? 600;
  const algorithm = options.signingAlgorithm ?? "ES256";
  const database = options.database ?? new DatabaseSync(":memory:");
  checkIssuer(issuer);
  migrate(database);

  const keys = await openSigningKeys(database, algorithm, accessTokenSeconds * 1000, now);
  const faults = createFaults(keys.rotate);
  const minter = createTokenMinter({ issuer, resource, accessTokenSeconds, keys, faults, now });
  const readAccessToken = createAccessTokenReader(issuer, keys, now);
  const requests = createRequestStore(database, now);
  const grants = createGrantStore(database, now);
  const clients = createClients({
    issuer,
    database,
    resolve: options.resolve ?? resolveHostname,
    fetch: options.fetch ?? globalThis.fetch,
    now,
  });
  const consent = createConsent({
    issuer,
    resource,
    scopes,
    passcode,
    findClient: clients.find,
    requests,
    grants,
    now,
  });
  const app = createRoutes({
    issuer,
    metadata: issuerMetadata(issuer, scopes, algorithm),
    keys,
    faults,
    handlers: {
      authorize: createAuthorize({
        issuer,
        resource,
        scopes,
        findClient: clients.find,
        askConsent: consent.ask,
        now,
      }),
      decide: consent.decide,
      token: createToken({
        resource,
        authenticateClient: clients.authenticate,
        grants,
        minter,
        clientUsed: clients.used,
      }),
      registration: clients.register,
      revoke: createRevoke(clients.authenticate, readAccessToken, grants),
      userinfo: createUserinfo(readAccessToken, grants),
    },
  });

  return {
    issuer,
    app,
    fetch: createInProcessFetch(new URL(issuer).origin, (request) => app.fetch(request)),
    faults,
    async accessToken({ person = "Ada", clientId = "test", ...contents } = {}) {
      const named = personNamed(person);
      if (named === undefined) throw new TypeError("Cannot make an access token: the person has no name");
      return await minter.accessToken({ scopes: Object.keys(scopes), ...contents, person: named, clientId });
    },
  };
}
