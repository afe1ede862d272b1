import type { JSONWebKeySet, JWK } from "@panva/jose";
import { z } from "zod";
import { isLoopback } from "../../../net/loopback.ts";
import { OAuthError } from "../oauth_error.ts";

/** Client authentication methods of the token endpoint (AS-05); metadata and checks both come from this list. */
export const CLIENT_AUTHENTICATION_METHODS = [
  "none",
  "client_secret_basic",
  "client_secret_post",
  "private_key_jwt",
] as const;
/** One of {@linkcode CLIENT_AUTHENTICATION_METHODS}. */
export type ClientAuthenticationMethod = typeof CLIENT_AUTHENTICATION_METHODS[number];

/** Grant types of clients that people sign in with. */
export const GRANT_TYPES = ["authorization_code", "refresh_token"] as const;
/** The grant type of the resource server (RFC 8693 §2.1); no client can register for it. */
export const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
/** One of {@linkcode GRANT_TYPES}. */
export type GrantType = typeof GRANT_TYPES[number];

/** A client, however it was registered. */
export interface Client {
  readonly id: string;
  /** As the client states it: untrusted text of at most 200 characters. */
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** Any of these is accepted; a metadata document may list several. */
  readonly authenticationMethods: readonly ClientAuthenticationMethod[];
  readonly grantTypes: readonly (GrantType | typeof TOKEN_EXCHANGE)[];
  /** Keys for `private_key_jwt`, or where to fetch them. */
  readonly keys?: JSONWebKeySet | URL;
  readonly secretHash?: string;
  /** Host of the metadata document that describes the client: the only name of the client that is proven. */
  readonly documentHost?: string;
}

/** Finds the client of a `client_id`. Throws `invalid_client` when there is none. */
export type FindClient = (clientId: string) => Promise<Client>;

/** Members of private and symmetric keys (RFC 7518 §6): a client must never publish them (CIMD-08). */
const SECRET_KEY_MEMBERS = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];

const publicKeySchema = z.custom<JWK>((value) =>
  typeof value === "object" && value !== null && "kty" in value && typeof value.kty === "string" &&
  !SECRET_KEY_MEMBERS.some((member) => member in value)
);

const keySetSchema = z.object({ keys: z.array(publicKeySchema).max(20) });

const shortStrings = z.array(z.string().max(200)).max(20);

const metadataSchema = z.object({
  client_name: z.string().max(200).optional(),
  redirect_uris: z.array(z.string().max(2048)).min(1).max(20),
  token_endpoint_auth_method: z.string().max(200).optional(),
  token_endpoint_auth_methods_supported: shortStrings.optional(),
  grant_types: shortStrings.optional(),
  response_types: shortStrings.optional(),
  application_type: z.string().max(20).optional(),
  jwks_uri: z.string().max(2048).pipe(z.url({ protocol: /^https?$/ })).optional(),
  jwks: keySetSchema.optional(),
  scope: z.string().max(1000).optional(),
});

/** The members of client metadata (RFC 7591 §2) that this server uses; all others are dropped. */
export type ClientMetadata = z.infer<typeof metadataSchema>;

/** Reads client metadata. Throws `invalid_redirect_uri` or `invalid_client_metadata` that names the member (REG-03). */
export function parseClientMetadata(value: unknown): ClientMetadata {
  const parsed = metadataSchema.safeParse(value);
  if (!parsed.success) {
    const member = parsed.error.issues[0]?.path.join(".") || "metadata";
    const code = member.startsWith("redirect_uris") ? "invalid_redirect_uri" : "invalid_client_metadata";
    throw new OAuthError(code, `The client's ${member} is missing or invalid.`);
  }
  const metadata = parsed.data;
  for (const uri of metadata.redirect_uris) {
    const problem = redirectUriProblem(uri);
    if (problem) throw new OAuthError("invalid_redirect_uri", `A redirect URI ${problem}.`);
  }
  if (metadata.response_types?.includes("code") === false) {
    throw new OAuthError("invalid_client_metadata", "The response_types must include code.");
  }
  if (metadata.jwks !== undefined && metadata.jwks_uri !== undefined) {
    throw new OAuthError("invalid_client_metadata", "Send jwks or jwks_uri, not both.");
  }
  return metadata;
}

/** The methods that are both requested and allowed. Throws `invalid_client_metadata` when there is none. */
export function authenticationMethods(
  requested: readonly string[],
  allowed: readonly ClientAuthenticationMethod[],
): ClientAuthenticationMethod[] {
  const methods = allowed.filter((method) => requested.includes(method));
  if (methods.length === 0) {
    const message = `Use one of these authentication methods: ${allowed.join(", ")}.`;
    throw new OAuthError("invalid_client_metadata", message);
  }
  return methods;
}

/**
 * The grant types of a client. Metadata without any gets both: RFC 7591 §3.2.1 lets a server complete metadata, and
 * clients that leave the member out still expect a refresh token.
 */
export function grantTypes(metadata: ClientMetadata): GrantType[] {
  const requested: readonly string[] = metadata.grant_types ?? GRANT_TYPES;
  if (!requested.includes("authorization_code")) {
    throw new OAuthError("invalid_client_metadata", "The grant_types must include authorization_code.");
  }
  return GRANT_TYPES.filter((type) => requested.includes(type));
}

/** Where the metadata says that the client's keys are. */
export function clientKeys({ jwks, jwks_uri }: ClientMetadata): { keys?: JSONWebKeySet | URL } {
  if (jwks !== undefined) return { keys: jwks };
  return jwks_uri === undefined ? {} : { keys: new URL(jwks_uri) };
}

/** Reads a JWK Set of public keys. Throws `invalid_client_metadata`. */
export function publicKeySet(value: unknown): JSONWebKeySet {
  const parsed = keySetSchema.safeParse(value);
  if (!parsed.success) {
    throw new OAuthError("invalid_client_metadata", "The client's key set must hold at most 20 public keys.");
  }
  return parsed.data;
}

/** Schemes that the browser itself acts on: a redirect there would run or show an attacker's content (ASA-02). */
const BROWSER_SCHEMES =
  /^(?:javascript|vbscript|data|blob|file|filesystem|about|view-source|wss?|ftp|mailto|chrome|intent):$/;
const LOOPBACK_URI = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?((?:[/?].*)?)$/;

/**
 * Why a redirect URI is refused, or `undefined` when it is accepted: https, http on loopback, or a native app's own
 * scheme (RFC 8252 §7; MCP names only the first two, but Cursor registers `cursor://`).
 */
export function redirectUriProblem(uri: string): string | undefined {
  if (uri.length > 2048) return "is longer than 2048 characters";
  const url = URL.parse(uri);
  // RFC 3986 spells URIs in ASCII, and a Location header can carry nothing else.
  if (url === null || /[^\x21-\x7e]|\\/.test(uri)) return "is not an absolute URL";
  if (uri.includes("#")) return "has a fragment";
  if (url.username !== "" || url.password !== "") return "has user information";
  if (url.protocol === "https:" || url.protocol === "http:") {
    // Keeps wildcards and separators out of the consent page's Content-Security-Policy.
    if (!/^(?:[a-z0-9._-]+|\[[0-9a-f:]+\])$/.test(url.hostname)) return "has an unusual host name";
    if (url.protocol === "http:" && !isLoopback(url.hostname)) return "uses http outside loopback";
    return undefined;
  }
  if (BROWSER_SCHEMES.test(url.protocol)) return "uses a scheme that a browser interprets";
  return undefined;
}

/** Whether a request's redirect URI is a registered one: the same string, except for a loopback port (ASA-01). */
export function isRegisteredRedirectUri(uri: string, registered: readonly string[]): boolean {
  if (registered.includes(uri)) return true;
  // What the exception lets through is checked once more, for example a port above 65535.
  const portless = withoutLoopbackPort(uri);
  return portless !== undefined && redirectUriProblem(uri) === undefined &&
    registered.some((candidate) => withoutLoopbackPort(candidate) === portless);
}

function withoutLoopbackPort(uri: string): string | undefined {
  if (uri.length > 2048) return undefined;
  const match = LOOPBACK_URI.exec(uri);
  return match === null ? undefined : `${match[1]}${match[2]}`;
}
