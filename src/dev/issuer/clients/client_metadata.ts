import type { JSONWebKeySet, JWK } from "@panva/jose";
import { z } from "zod";
import { type ClientAuthenticationMethod, GRANT_TYPES, type GrantType } from "./client.ts";
import { OAuthError } from "../oauth_error.ts";
import { redirectUriProblem } from "./redirect_uri.ts";

/** Members of private and symmetric keys (RFC 7518 §6): a client must not hand them out (CIMD-08). */
const SECRET_KEY_MEMBERS = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];

const publicKeySchema = z.custom<JWK>((value) =>
  typeof value === "object" && value !== null && "kty" in value && typeof value.kty === "string" &&
  !SECRET_KEY_MEMBERS.some((member) => member in value)
);

const keySetSchema = z.object({ keys: z.array(publicKeySchema).max(20) });

const metadataSchema = z.object({
  client_name: z.string().max(200).optional(),
  redirect_uris: z.array(z.string()).min(1).max(20),
  token_endpoint_auth_method: z.string().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).max(20).optional(),
  grant_types: z.array(z.string()).max(20).optional(),
  response_types: z.array(z.string()).max(20).optional(),
  application_type: z.string().max(20).optional(),
  jwks_uri: z.url({ protocol: /^https?$/ }).optional(),
  jwks: keySetSchema.optional(),
  scope: z.string().max(1000).optional(),
});

/** The members of client metadata (RFC 7591 §2) that mean something here; unknown ones are dropped. */
export type ClientMetadata = z.infer<typeof metadataSchema>;

/** Reads client metadata. Throws `invalid_redirect_uri` or `invalid_client_metadata` naming the member (REG-03). */
export function parseClientMetadata(value: unknown): ClientMetadata {
  const parsed = metadataSchema.safeParse(value);
  if (!parsed.success) {
    const member = parsed.error.issues[0]?.path.join(".") || "metadata";
    const code = member.startsWith("redirect_uris") ? "invalid_redirect_uri" : "invalid_client_metadata";
    throw new OAuthError(code, `The client's ${member} is missing or not valid.`);
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

/** The authentication methods that both the metadata names and `allowed` contains. Throws when there is none. */
export function authenticationMethods(
  named: readonly string[],
  allowed: readonly ClientAuthenticationMethod[],
): ClientAuthenticationMethod[] {
  const common = allowed.filter((method) => named.includes(method));
  if (common.length === 0) {
    throw new OAuthError(
      "invalid_client_metadata",
      `Use one of these authentication methods: ${allowed.join(", ")}.`,
    );
  }
  return common;
}

/**
 * The grant types of a client. Metadata that names none gets both: RFC 7591 §3.2.1 lets a server complete metadata,
 * and clients that forget the member still expect to be refreshed.
 */
export function grantTypes(metadata: ClientMetadata): GrantType[] {
  const named = metadata.grant_types ?? GRANT_TYPES;
  if (!named.includes("authorization_code")) {
    throw new OAuthError("invalid_client_metadata", "The grant_types must include authorization_code.");
  }
  return GRANT_TYPES.filter((type) => named.includes(type));
}

/** Reads a JWK Set that holds public keys only. Throws `invalid_client_metadata`. */
export function publicKeySet(value: unknown): JSONWebKeySet {
  const parsed = keySetSchema.safeParse(value);
  if (!parsed.success) {
    throw new OAuthError("invalid_client_metadata", "The client's key set is not one of public keys.");
  }
  return parsed.data;
}
