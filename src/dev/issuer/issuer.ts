import { Hono } from "@hono/hono";
import { cors } from "@hono/hono/cors";
import { DatabaseSync } from "node:sqlite";
import { isLoopback } from "../../net/loopback.ts";
import { type Client, type FindClient, TOKEN_EXCHANGE } from "./clients/client.ts";
import { createClientAuthentication } from "./clients/client_authentication.ts";
import { createClientDocuments, isClientIdUrl } from "./clients/client_documents.ts";
import { createDocumentFetcher, type ResolveHostname, resolveHostname } from "./clients/document_fetcher.ts";
import { createRegistration, createRegistrationStore } from "./clients/registration.ts";
import { isLocked, migrate } from "./database.ts";
import { createAuthorization } from "./endpoints/authorization.ts";
import { createReadBody } from "./endpoints/body.ts";
import { createRevocation, createToken } from "./endpoints/token.ts";
import { createUserinfo } from "./endpoints/userinfo.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createRequestStore } from "./grants/authorization_request.ts";
import { createGrantStore } from "./grants/grant_store.ts";
import { createInProcessFetch } from "./in_process_fetch.ts";
import { createAccessTokenReader, createTokenSigner } from "./keys/signed_tokens.ts";
import { openSigningKeys, type SigningAlgorithm } from "./keys/signing_keys.ts";
import { checkIssuer, discoveryPaths, endpoints, issuerMetadata } from "./metadata.ts";
import { OAuthError } from "./oauth_error.ts";
import { hashToken, opaqueToken } from "./opaque_token.ts";
import { startPage } from "./pages/notice_pages.ts";
import { personNamed } from "./people.ts";

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
  /** A signal that aborts after this many milliseconds; `AbortSignal.timeout` by default. */
  readonly timeout?: (ms: number) => AbortSignal;
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
  /**
   * Whether the metadata says that client ID metadata documents are supported. They are accepted in any case; without
   * the promise clients register instead, which needs no internet connection. By default only an issuer outside
   * loopback makes it.
   */
  readonly advertiseClientDocuments?: boolean | undefined;
  /** Gets one sentence for the log about each document of a client that could not be fetched; never a secret. */
  readonly onFailure?: (reason: string) => void;
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
  /** The client that the resource server is here: it may exchange the tokens it gets for those of other APIs. */
  readonly resourceServer: { readonly clientId: string; readonly clientSecret: string };
  /** Makes the issuer misbehave. */
  readonly faults: Faults;
}

/** Sets up an authorization server with its sign-in page; nothing listens until `app` is served. */
export async function createDevIssuer(options: DevIssuerOptions): Promise<DevIssuer> {
  const { issuer, resource, scopes, passcode } = options;
  checkIssuer(issuer);
  const now = options.now ?? Date.now;
  const timeout = options.timeout ?? ((ms) => AbortSignal.timeout(ms));
  const accessTokenSeconds = options.accessTokenSeconds ?? 600;
  const algorithm = options.signingAlgorithm ?? "ES256";
  const database = options.database ?? new DatabaseSync(":memory:");
  migrate(database);

  const onLoopback = isLoopback(new URL(issuer).hostname);
  const body = createReadBody(timeout);
  const keys = await openSigningKeys(database, algorithm, accessTokenSeconds * 1000, now);
  const faults = createFaults(keys.rotate);
  const signer = createTokenSigner({ issuer, resource, accessTokenSeconds, keys, faults, now });
  const readAccessToken = createAccessTokenReader(issuer, keys, now);
  const grants = createGrantStore(database, now);
  const registrations = createRegistrationStore(database, now);
  const fetchDocument = createDocumentFetcher({
    // Documents on loopback are for clients under development on the same machine as the issuer (CIMD-06).
    allowLoopback: onLoopback,
    resolve: options.resolve ?? resolveHostname,
    fetch: options.fetch ?? globalThis.fetch,
    timeout,
    onFailure: options.onFailure ?? (() => {}),
  });
  const documents = createClientDocuments(fetchDocument, onLoopback, now);

  const resourceServer = { clientId: RESOURCE_SERVER_ID, clientSecret: opaqueToken() };
  const resourceServerClient: Client = {
    id: RESOURCE_SERVER_ID,
    name: resource,
    redirectUris: [],
    authenticationMethods: ["client_secret_basic", "client_secret_post"],
    grantTypes: [TOKEN_EXCHANGE],
    secretHash: hashToken(resourceServer.clientSecret),
  };
  const findClient: FindClient = async (clientId) => {
    if (clientId === RESOURCE_SERVER_ID) return resourceServerClient;
    // A URL names a metadata document, anything else a registration.
    if (isClientIdUrl(clientId)) return await documents.find(clientId);
    const client = clientId.length > MAX_REGISTERED_ID_LENGTH ? undefined : registrations.find(clientId);
    if (client !== undefined) return client;
    throw new OAuthError("invalid_client", "The client is not registered here.", {
      status: 401,
      remedy: "Remove the server from the app and add it again: the app then registers itself.",
    });
  };

  const { fetchKeys } = documents;
  const authenticateClient = createClientAuthentication({ issuer, database, findClient, fetchKeys, now });
  const requests = createRequestStore(database, now);
  const { authorize, decide } = createAuthorization({
    issuer,
    resource,
    scopes,
    findClient,
    requests,
    grants,
    body,
    passcode,
    now,
  });
  const { markUsed } = registrations;
  const tokenOptions = { resource, authenticateClient, body, grants, signer, readAccessToken, markUsed, now };
  const token = createToken(tokenOptions);
  const revocation = createRevocation(tokenOptions);
  const registration = createRegistration({ store: registrations, body, now });
  const userinfo = createUserinfo(readAccessToken, grants);
  const metadata = issuerMetadata({
    issuer,
    scopes,
    algorithm,
    advertiseClientDocuments: options.advertiseClientDocuments ?? !onLoopback,
  });

  const urls = endpoints(issuer);
  const path = (url: string) => new URL(url).pathname;
  const app = new Hono();
  // Any web page may call the endpoints that involve no person, and no others (AS-12).
  const openToAll = cors({
    origin: "*",
    allowMethods: ["GET", "POST"],
    exposeHeaders: ["WWW-Authenticate", "Retry-After"],
  });
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
  app.get(
    path(issuer),
    (c) => c.req.header("accept")?.includes("text/html") ? startPage(resource, 200) : c.notFound(),
  );
  app.get(path(urls.authorization), (c) => authorize(c.req.raw, addressOf(c.env)));
  app.post(path(urls.consent), (c) => decide(c.req.raw, addressOf(c.env)));
  app.post(path(urls.token), (c) => token(c.req.raw));
  app.post(path(urls.registration), (c) => registration(c.req.raw, addressOf(c.env)));
  app.post(path(urls.revocation), (c) => revocation(c.req.raw));
  app.on(["GET", "POST"], path(urls.userinfo), (c) => userinfo(c.req.raw));
  app.onError((error) => {
    if (error instanceof OAuthError) return error.toResponse();
    if (isLocked(error)) {
      const words = "Another program holds a lock on the database. Try again in a moment.";
      const options = { status: 503, headers: { "retry-after": "1" } };
      return new OAuthError("temporarily_unavailable", words, options).toResponse();
    }
    // A fault of this server: whoever serves the app logs it and answers 500.
    throw error;
  });

  return {
    issuer,
    app,
    fetch: createInProcessFetch(new URL(issuer).origin, (request) => app.fetch(request)),
    resourceServer,
    faults,
    async accessToken({ person = "Ada", clientId = "test", ...contents } = {}) {
      const named = personNamed(person);
      if (named === undefined) throw new TypeError("Cannot make an access token: the person has no name");
      return await signer.accessToken({ scopes: Object.keys(scopes), ...contents, person: named, clientId });
    },
  };
}

/** No UUID and no URL, so no other client can have it. */
const RESOURCE_SERVER_ID = "resource-server";
/** Registered ids are UUIDs; nothing longer needs to be looked up. */
const MAX_REGISTERED_ID_LENGTH = 100;

/** What the server tells about a connection, as far as it is used here. */
interface Connection {
  readonly remoteAddr?: { readonly hostname?: string };
}

function addressOf(env: unknown): string | undefined {
  return (env as Connection | undefined)?.remoteAddr?.hostname;
}

function unavailable(): Response {
  return new OAuthError("temporarily_unavailable", "A fault was turned on.", { status: 503 }).toResponse();
}
