import type { JSONWebKeySet } from "@panva/jose";

/** Client authentication methods of the token endpoint (AS-05); metadata and checks both come from this list. */
export const CLIENT_AUTHENTICATION_METHODS = [
  "none",
  "client_secret_basic",
  "client_secret_post",
  "private_key_jwt",
] as const;
/** One of {@linkcode CLIENT_AUTHENTICATION_METHODS}. */
export type ClientAuthenticationMethod = typeof CLIENT_AUTHENTICATION_METHODS[number];

/** Grant types of the token endpoint. */
export const GRANT_TYPES = ["authorization_code", "refresh_token"] as const;
/** One of {@linkcode GRANT_TYPES}. */
export type GrantType = typeof GRANT_TYPES[number];

/** A client that may ask for sign-in, from either kind of registration. */
export interface Client {
  readonly id: string;
  /** As the client states it: untrusted text. */
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** Any of these is accepted; a metadata document may list several. */
  readonly authenticationMethods: readonly ClientAuthenticationMethod[];
  readonly grantTypes: readonly GrantType[];
  /** Keys for `private_key_jwt`, or where to fetch them. */
  readonly keys?: JSONWebKeySet | URL;
  readonly secretHash?: string;
  /** Host of the metadata document that describes the client, the only name in it that was proven. */
  readonly documentHost?: string;
}

/** Finds the client of a `client_id`. Throws `invalid_client` when there is none. */
export type FindClient = (clientId: string) => Promise<Client>;
