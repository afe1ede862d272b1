import {
  createLocalJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from "@panva/jose";
import type { DatabaseSync } from "node:sqlite";
import type { Client, ClientAuthenticationMethod, FindClient } from "./client.ts";
import type { Parameters } from "../endpoints/body.ts";
import { OAuthError } from "../oauth_error.ts";
import { hashToken, sameSecret } from "../opaque_token.ts";

/** Algorithms of client assertions: asymmetric only, since a shared secret would not prove a private key. */
export const ASSERTION_ALGORITHMS = ["ES256", "ES384", "RS256", "PS256", "EdDSA"];

const MAX_ASSERTION_SECONDS = 600;
const CLOCK_TOLERANCE_SECONDS = 30;
const MAX_AUTHORIZATION_LENGTH = 4096;

interface Credentials {
  readonly method: ClientAuthenticationMethod;
  readonly clientId: string;
  readonly secret?: string;
  readonly assertion?: string;
}

/** Tells which client sent a request to the token or revocation endpoint, and authenticates it. */
export type AuthenticateClient = (request: Request, parameter: Parameters) => Promise<Client>;

/** Client authentication (RFC 6749 §2.3, RFC 7523 §2.2). Throws `invalid_client` with 401 (AST-09). */
export function createClientAuthentication(options: {
  issuer: string;
  database: DatabaseSync;
  findClient: FindClient;
  fetchKeys: (url: URL) => Promise<JSONWebKeySet>;
  now: () => number;
}): AuthenticateClient {
  const { issuer, database, findClient, fetchKeys, now } = options;
  const deleteExpired = database.prepare("DELETE FROM dev_assertions WHERE expires_at <= ?");
  const insert = database.prepare("INSERT OR IGNORE INTO dev_assertions (hash, expires_at) VALUES (?, ?)");

  function isFirstUse(clientId: string, jti: string, expiresAt: number): boolean {
    deleteExpired.run(now());
    return insert.run(hashToken(JSON.stringify([clientId, jti])), expiresAt).changes === 1;
  }

  /**
   * `private_key_jwt` (RFC 7523 §3): signed by the client's key, issued by and about the client, addressed to the
   * issuer or its token endpoint, valid for at most ten minutes, and used once.
   */
  async function verifyAssertion(assertion: string, client: Client): Promise<void> {
    if (client.keys === undefined) throw assertionError("has no keys to verify the assertion with");
    const keys = client.keys instanceof URL ? await fetchKeys(client.keys) : client.keys;
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(assertion, createLocalJWKSet(keys), {
        algorithms: ASSERTION_ALGORITHMS,
        issuer: client.id,
        subject: client.id,
        audience: [issuer, `${issuer}/token`],
        requiredClaims: ["exp", "jti"],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(now()),
      }));
    } catch {
      // Not only jose's errors: a malformed key of the client fails inside Web Crypto.
      throw assertionError("sent an assertion that does not verify");
    }
    const { exp, jti } = payload;
    if (exp === undefined || exp > now() / 1000 + MAX_ASSERTION_SECONDS) {
      throw assertionError("sent an assertion that is valid for more than ten minutes");
    }
    if (typeof jti !== "string" || !isFirstUse(client.id, jti, (exp + CLOCK_TOLERANCE_SECONDS) * 1000)) {
      throw assertionError("sent an assertion that was used before");
    }
  }

  return async function authenticateClient(request, parameter) {
    const credentials = readCredentials(request, parameter);
    const client = await findClient(credentials.clientId);
    if (!client.authenticationMethods.includes(credentials.method)) {
      const methods = client.authenticationMethods.join(" or ");
      throw invalidClient(`This client must authenticate by ${methods}.`, request);
    }
    if (credentials.assertion !== undefined) {
      await verifyAssertion(credentials.assertion, client);
    } else if (credentials.secret !== undefined) {
      if (client.secretHash === undefined || !sameSecret(hashToken(credentials.secret), client.secretHash)) {
        throw invalidClient("The client secret is wrong.", request);
      }
    }
    return client;
  };
}

function readCredentials(request: Request, parameter: Parameters): Credentials {
  const authorization = request.headers.get("authorization") ?? undefined;
  const clientId = parameter("client_id");
  const secret = parameter("client_secret");
  const assertion = parameter("client_assertion");
  if ([authorization, secret, assertion].filter((value) => value !== undefined).length > 1) {
    throw new OAuthError("invalid_request", "Authenticate in one way only.");
  }
  if (authorization !== undefined) {
    const credentials = basicCredentials(authorization, request);
    if (clientId !== undefined && clientId !== credentials.clientId) {
      throw new OAuthError("invalid_request", "The client_id is not the one in the Authorization header.");
    }
    return credentials;
  }
  if (assertion !== undefined) {
    if (parameter("client_assertion_type") !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
      throw new OAuthError("invalid_request", "Send the client_assertion_type of a JWT.");
    }
    return { method: "private_key_jwt", clientId: clientId ?? subjectOf(assertion), assertion };
  }
  if (clientId === undefined) throw new OAuthError("invalid_request", "Send the client_id.");
  return secret === undefined
    ? { method: "none", clientId }
    : { method: "client_secret_post", clientId, secret };
}

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined by the colon. */
function basicCredentials(authorization: string, request: Request): Credentials {
  if (authorization.length <= MAX_AUTHORIZATION_LENGTH) {
    const match = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization);
    try {
      const [, id, secret] = /^([^:]*):(.*)$/s.exec(atob(match?.[1] ?? "")) ?? [];
      if (id && secret) {
        return { method: "client_secret_basic", clientId: formDecoded(id), secret: formDecoded(secret) };
      }
    } catch (error) {
      if (!(error instanceof URIError || error instanceof DOMException)) throw error;
    }
  }
  throw invalidClient("The Authorization header is not Basic with a client id and secret.", request);
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

function subjectOf(assertion: string): string {
  try {
    const { sub } = decodeJwt(assertion);
    if (typeof sub === "string") return sub;
  } catch (error) {
    if (!(error instanceof errors.JWTInvalid)) throw error;
  }
  throw new OAuthError("invalid_request", "The client_assertion is not a JWT with a sub.");
}

function assertionError(what: string): OAuthError {
  return new OAuthError("invalid_client", `The client ${what}.`, { status: 401 });
}

function invalidClient(message: string, request: Request): OAuthError {
  const triedHeader = request.headers.has("authorization");
  return new OAuthError("invalid_client", message, {
    status: 401,
    ...(triedHeader && { headers: { "www-authenticate": 'Basic realm="client"' } }),
  });
}
