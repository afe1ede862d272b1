import { decodeJwt, errors } from "@panva/jose";
import type { Client, ClientAuthenticationMethod, FindClient } from "./client.ts";
import type { VerifyClientAssertion } from "./client_assertion.ts";
import type { Parameters } from "../endpoints/form.ts";
import { OAuthError } from "../oauth_error.ts";
import { hashToken, sameSecret } from "../opaque_token.ts";

interface Credentials {
  readonly method: ClientAuthenticationMethod;
  readonly clientId: string;
  readonly secret?: string;
  readonly assertion?: string;
}

/** Tells which client sends a request to the token or revocation endpoint, and proves it. */
export type AuthenticateClient = (request: Request, parameter: Parameters) => Promise<Client>;

/** Client authentication (RFC 6749 §2.3, RFC 7523 §2.2). Throws `invalid_client` with 401 (AST-09). */
export function createClientAuthentication(
  findClient: FindClient,
  verifyAssertion: VerifyClientAssertion,
): AuthenticateClient {
  return async function authenticateClient(request, parameter) {
    const credentials = readCredentials(request, parameter);
    const client = await findClient(credentials.clientId);
    if (!client.authenticationMethods.includes(credentials.method)) {
      throw invalidClient(
        `This client must authenticate by ${client.authenticationMethods.join(" or ")}.`,
        request,
      );
    }
    if (credentials.assertion !== undefined) {
      await verifyAssertion(credentials.assertion, client);
    } else if (credentials.secret !== undefined) {
      if (client.secretHash === undefined || !sameSecret(hashToken(credentials.secret), client.secretHash)) {
        throw invalidClient("The client secret is not right.", request);
      }
    }
    return client;
  };
}

function readCredentials(request: Request, parameter: Parameters): Credentials {
  const authorization = request.headers.get("authorization");
  const clientId = parameter("client_id");
  const secret = parameter("client_secret");
  const assertion = parameter("client_assertion");
  if ([authorization, secret, assertion].filter((sent) => sent !== null && sent !== undefined).length > 1) {
    throw new OAuthError("invalid_request", "Authenticate in one way only.");
  }
  if (authorization !== null) {
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
  const match = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization);
  try {
    const [, id, secret] = /^([^:]*):(.*)$/s.exec(atob(match?.[1] ?? "")) ?? [];
    if (id && secret) {
      return { method: "client_secret_basic", clientId: formDecoded(id), secret: formDecoded(secret) };
    }
  } catch (cause) {
    if (!(cause instanceof URIError || cause instanceof DOMException)) throw cause;
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
  } catch (cause) {
    if (!(cause instanceof errors.JWTInvalid)) throw cause;
  }
  throw new OAuthError("invalid_request", "The client_assertion is not a JWT with a sub.");
}

function invalidClient(message: string, request: Request): OAuthError {
  const triedHeader = request.headers.has("authorization");
  return new OAuthError("invalid_client", message, {
    status: 401,
    ...(triedHeader && { headers: { "www-authenticate": 'Basic realm="client"' } }),
  });
}
