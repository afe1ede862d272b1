import type { JSONWebKeySet } from "@panva/jose";
import { z } from "zod";
import { isLoopback } from "../../../net/loopback.ts";
import {
  authenticationMethods,
  type Client,
  clientKeys,
  grantTypes,
  parseClientMetadata,
  publicKeySet,
} from "./client.ts";
import type { FetchDocument } from "./document_fetcher.ts";
import { createLimit, takeOne } from "../limit.ts";
import { OAuthError } from "../oauth_error.ts";

const DEFAULT_AGE_SECONDS = 300;
const MAX_AGE_SECONDS = 24 * 3600;
const MAX_DOCUMENTS = 500;
/** Of all callers together. Strangers choose the URLs: more would make this server a weapon against their hosts. */
const FETCHES_PER_MINUTE = 60;
const MAX_CLIENT_ID_LENGTH = 1024;
/** The longest name that DNS can hold. */
const MAX_HOSTNAME_LENGTH = 253;

const documentSchema = z.looseObject({ client_id: z.string(), client_name: z.string().min(1) })
  // A document is public: nothing in it can be a secret (CIMD-08).
  .refine((document) => !("client_secret" in document || "client_secret_expires_at" in document));

/** Clients described by the document at their `client_id` URL. */
export interface ClientDocuments {
  /** The client of a document. Throws `invalid_client` or `invalid_client_metadata` with the reason. */
  find(clientId: string): Promise<Client>;
  /** The keys at a client's `jwks_uri`, by the same rules. */
  fetchKeys(url: URL): Promise<JSONWebKeySet>;
}

/** Fetches, checks and caches documents; what failed is never kept (CIMD-09). */
export function createClientDocuments(
  fetchDocument: FetchDocument,
  allowLoopback: boolean,
  now: () => number,
): ClientDocuments {
  const limit = createLimit(FETCHES_PER_MINUTE, 60, now);
  const cache = new Map<string, { value: unknown; until: number }>();

  async function cached<T>(url: string, name: string, parse: (value: unknown) => T): Promise<T> {
    const entry = cache.get(url);
    if (entry !== undefined && entry.until > now()) return parse(entry.value);
    cache.delete(url);
    takeOne(limit, undefined);
    const { value, maxAgeSeconds } = await fetchDocument(new URL(url), name);
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
      return await cached(clientId, "client ID metadata document", (value) => clientOf(clientId, value));
    },
    fetchKeys: (url) => cached(url.href, "key set", publicKeySet),
  };
}

/** Whether a `client_id` claims to be the URL of a metadata document: registered ids are never URLs. */
export function isClientIdUrl(clientId: string): boolean {
  return /^https?:/i.test(clientId);
}

/**
 * Why a `client_id` URL is refused, or `undefined` when it is accepted
 * (draft-ietf-oauth-client-id-metadata-document §3, CIMD-01). Only the normal spelling passes, since the URL parser
 * would silently repair any other: dot segments, escaped ones too, a default port, an empty user. `http:` is for
 * documents on loopback, which only an issuer on loopback may read.
 */
function clientIdUrlProblem(clientId: string, allowLoopback: boolean): string | undefined {
  if (clientId.length > MAX_CLIENT_ID_LENGTH) return `is longer than ${MAX_CLIENT_ID_LENGTH} characters`;
  const url = URL.parse(clientId);
  if (url === null) return "is not a URL";
  if (url.hostname.length > MAX_HOSTNAME_LENGTH) return "has a host name that is too long";
  const onLoopback = isLoopback(url.hostname);
  if (onLoopback && !allowLoopback) return "is on loopback";
  if (url.protocol !== "https:" && !onLoopback) return "does not use https";
  if (clientId.includes("#")) return "has a fragment";
  if (url.username !== "" || url.password !== "") return "has user information";
  if (url.pathname === "/") return "has no path";
  if (url.href !== clientId) return "is not in its normal spelling";
  return undefined;
}

function clientOf(clientId: string, value: unknown): Client {
  const document = documentSchema.safeParse(value);
  if (!document.success || document.data.client_id !== clientId) {
    const message = "The client's document must state its own URL as client_id, a client_name and no secret.";
    throw new OAuthError("invalid_client_metadata", message);
  }
  const metadata = parseClientMetadata(value);
  const { token_endpoint_auth_method: method, token_endpoint_auth_methods_supported: methods = [] } =
    metadata;
  if (method?.startsWith("client_secret_")) {
    const message = "A client with a public document cannot use a client secret.";
    throw new OAuthError("invalid_client_metadata", message);
  }
  // ChatGPT lists every method it can use in the plural member and prefers the singular one (CIMD-10).
  const requested = method === undefined ? methods : [...methods, method];
  return {
    id: clientId,
    name: document.data.client_name,
    redirectUris: metadata.redirect_uris,
    authenticationMethods: authenticationMethods(
      requested.length > 0 ? requested : ["none"],
      ["none", "private_key_jwt"],
    ),
    grantTypes: grantTypes(metadata),
    documentHost: new URL(clientId).host,
    ...clientKeys(metadata),
  };
}
