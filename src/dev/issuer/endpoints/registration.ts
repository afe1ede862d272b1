import { boundedText } from "../bounded_text.ts";
import { type Client, CLIENT_AUTHENTICATION_METHODS } from "../clients/client.ts";
import {
  authenticationMethods,
  type ClientMetadata,
  grantTypes,
  parseClientMetadata,
} from "../clients/client_metadata.ts";
import type { ClientStore, Registration } from "../clients/client_store.ts";
import { type Limit, spend } from "../limit.ts";
import { OAuthError } from "../oauth_error.ts";
import { hashToken, opaqueToken } from "../opaque_token.ts";

const MAX_METADATA_BYTES = 16 * 1024;

/**
 * Dynamic Client Registration (RFC 7591 §3). The same metadata gives a public client the same `client_id` again, so
 * hosts that register at every start do not pile up. A client with a secret is always new: a secret is shown once.
 */
export function createRegistration(
  clients: ClientStore,
  limit: Limit,
): (request: Request) => Promise<Response> {
  return async function registration(request) {
    spend(limit);
    const metadata = completed(parseClientMetadata(await readJson(request)));
    const secret = metadata.token_endpoint_auth_method?.startsWith("client_secret_")
      ? opaqueToken()
      : undefined;
    const hash = secret === undefined ? hashToken(JSON.stringify(metadata)) : undefined;
    const knownId = hash === undefined ? undefined : clients.again(hash);
    const id = knownId ?? crypto.randomUUID();
    if (knownId === undefined) {
      clients.add({ id, metadata, ...(secret !== undefined && { secretHash: hashToken(secret) }) }, hash);
    }
    const issued = secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 };
    return Response.json({ client_id: id, ...issued, ...metadata }, {
      status: 201,
      headers: { "cache-control": "no-store" },
    });
  };
}

/** The metadata as registered: defaults filled in (REG-04), methods and grant types narrowed to what we do. */
function completed(metadata: ClientMetadata): ClientMetadata {
  const named = metadata.token_endpoint_auth_method ?? "client_secret_basic";
  const [method] = authenticationMethods([named], CLIENT_AUTHENTICATION_METHODS);
  if (method === "private_key_jwt" && metadata.jwks === undefined && metadata.jwks_uri === undefined) {
    throw new OAuthError("invalid_client_metadata", "private_key_jwt needs jwks or jwks_uri.");
  }
  return {
    ...metadata,
    token_endpoint_auth_method: named,
    grant_types: grantTypes(metadata),
    response_types: ["code"],
  };
}

/** The client that a registration describes. */
export function registeredClient({ id, metadata, secretHash }: Registration): Client {
  const keys = metadata.jwks ?? (metadata.jwks_uri === undefined ? undefined : new URL(metadata.jwks_uri));
  return {
    id,
    name: metadata.client_name ?? "An app without a name",
    redirectUris: metadata.redirect_uris,
    authenticationMethods: authenticationMethods(
      [metadata.token_endpoint_auth_method ?? "client_secret_basic"],
      CLIENT_AUTHENTICATION_METHODS,
    ),
    grantTypes: grantTypes(metadata),
    ...(keys !== undefined && { keys }),
    ...(secretHash !== undefined && { secretHash }),
  };
}

async function readJson(request: Request): Promise<unknown> {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new OAuthError("invalid_client_metadata", "Send the metadata as application/json.");
  }
  try {
    return JSON.parse(await boundedText(request.body, MAX_METADATA_BYTES));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof RangeError) {
      throw new OAuthError("invalid_client_metadata", "The metadata is not JSON of at most 16 KiB.");
    }
    throw cause;
  }
}
