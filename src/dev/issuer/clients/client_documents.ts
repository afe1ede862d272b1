import type { JSONWebKeySet } from "@panva/jose";
import { z } from "zod";
import type { Client } from "./client.ts";
import { clientIdUrlProblem } from "./client_id_url.ts";
import { authenticationMethods, grantTypes, parseClientMetadata, publicKeySet } from "./client_metadata.ts";
import type { FetchDocument } from "./document_fetcher.ts";
import { createLimit, spend } from "../limit.ts";
import { OAuthError } from "../oauth_error.ts";

const DEFAULT_AGE_SECONDS = 300;
const MAX_AGE_SECONDS = 24 * 3600;
const MAX_DOCUMENTS = 500;
/** Strangers name the URLs: more would make us a tool against whoever is there. */
const FETCHES_PER_MINUTE = 60;

const documentSchema = z.looseObject({ client_id: z.string(), client_name: z.string().min(1) })
  // A document is public: nothing in it can be a secret (CIMD-08).
  .refine((document) => !("client_secret" in document || "client_secret_expires_at" in document));

/** Clients described by documents at their `client_id` URL. */
export interface ClientDocuments {
  /** The client of a document. Throws `invalid_client` or `invalid_client_metadata` with the reason. */
  find(clientId: string): Promise<Client>;
  /** The keys at a client's `jwks_uri`, by the same rules. */
  fetchKeys(url: URL): Promise<JSONWebKeySet>;
}

/** Fetches, checks and caches documents; nothing that failed is ever kept (CIMD-09). */
export function createClientDocuments(
  fetchDocument: FetchDocument,
  allowLoopback: boolean,
  now: () => number,
): ClientDocuments {
  const limit = createLimit(FETCHES_PER_MINUTE, 60, now);
  const cache = new Map<string, { value: unknown; until: number }>();

  async function cached<T>(url: string, parse: (value: unknown) => T): Promise<T> {
    const kept = cache.get(url);
    if (kept !== undefined && kept.until > now()) return parse(kept.value);
    cache.delete(url);
    spend(limit);
    const { value, maxAgeSeconds } = await fetchDocument(new URL(url));
    const parsed = parse(value);
    const age = Math.min(maxAgeSeconds ?? DEFAULT_AGE_SECONDS, MAX_AGE_SECONDS);
    if (age > 0) {
      const [oldest] = cache.keys();
      if (cache.size >= MAX_DOCUMENTS && oldest !== undefined) cache.delete(oldest);
      cache.set(url, { value, until: now() + age * 1000 });
    }
    return parsed;
  }

  return {
    async find(clientId) {
      const problem = clientIdUrlProblem(clientId, allowLoopback);
      if (problem !== undefined) {
        throw new OAuthError("invalid_client", `The client_id ${problem}.`, { status: 401 });
      }
      return await cached(clientId, (value) => clientOf(clientId, value));
    },
    fetchKeys: (url) => cached(url.href, publicKeySet),
  };
}

function clientOf(clientId: string, value: unknown): Client {
  const document = documentSchema.safeParse(value);
  if (!document.success || document.data.client_id !== clientId) {
    const message = "The client's document must state its own URL as client_id, a client_name and no secret.";
    throw new OAuthError("invalid_client_metadata", message);
  }
  const metadata = parseClientMetadata(value);
  const { token_endpoint_auth_method: method, token_endpoint_auth_methods_supported: methods } = metadata;
  if (method?.startsWith("client_secret_")) {
    throw new OAuthError(
      "invalid_client_metadata",
      "A client with a public document cannot use a client secret.",
    );
  }
  // ChatGPT lists every method it can use in the plural member and prefers the singular one (CIMD-10).
  const named = [...methods ?? [], ...(method === undefined ? [] : [method])];
  const keys = metadata.jwks ?? (metadata.jwks_uri === undefined ? undefined : new URL(metadata.jwks_uri));
  return {
    id: clientId,
    name: document.data.client_name,
    redirectUris: metadata.redirect_uris,
    authenticationMethods: authenticationMethods(named.length > 0 ? named : ["none"], [
      "none",
      "private_key_jwt",
    ]),
    grantTypes: grantTypes(metadata),
    documentHost: new URL(clientId).host,
    ...(keys !== undefined && { keys }),
  };
}
