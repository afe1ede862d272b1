import { isLoopback } from "../../net/loopback.ts";
import { CLIENT_AUTHENTICATION_METHODS, GRANT_TYPES, TOKEN_EXCHANGE } from "./clients/client.ts";
import { ASSERTION_ALGORITHMS } from "./clients/client_authentication.ts";
import { CODE_CHALLENGE_METHODS, OPENID_SCOPES } from "./grants/authorization_request.ts";
import type { SigningAlgorithm } from "./keys/signing_keys.ts";

/**
 * An issuer identifier has no query or fragment, and needs TLS where others could listen (RFC 8414 §2, AS-02, AS-11).
 * Throws a `TypeError` that says what is expected.
 */
export function checkIssuer(issuer: string): void {
  const url = URL.parse(issuer);
  const isSafe = url?.protocol === "https:" ||
    (url?.protocol === "http:" && isLoopback(url.hostname));
  if (!isSafe || /[?#]|\/$/.test(issuer)) {
    throw new TypeError(
      `Cannot use ${issuer} as issuer: give an https URL, or http on loopback, without query, fragment or final slash`,
    );
  }
}

/** The endpoints' URLs; the routes are their paths. */
export interface Endpoints {
  readonly authorization: string;
  readonly consent: string;
  readonly token: string;
  readonly registration: string;
  readonly revocation: string;
  readonly userinfo: string;
  readonly jwks: string;
}

/** The endpoints of an issuer. */
export function endpoints(issuer: string): Endpoints {
  return {
    authorization: `${issuer}/authorize`,
    consent: `${issuer}/consent`,
    token: `${issuer}/token`,
    registration: `${issuer}/register`,
    revocation: `${issuer}/revoke`,
    userinfo: `${issuer}/userinfo`,
    jwks: `${issuer}/jwks.json`,
  };
}

/**
 * Paths of the discovery documents: RFC 8414 §3.1 inserts the well-known part before the issuer's path, OpenID Connect
 * Discovery §4 appends it, and MCP clients try both for either name.
 */
export function discoveryPaths(issuer: string): string[] {
  const path = new URL(issuer).pathname.replace(/\/$/, "");
  return [
    `/.well-known/oauth-authorization-server${path}`,
    `/.well-known/openid-configuration${path}`,
    `${path}/.well-known/openid-configuration`,
  ];
}

/** Authorization server metadata (RFC 8414 §2) that is also an OpenID Provider's (Discovery §3). */
export function issuerMetadata(options: {
  issuer: string;
  scopes: Readonly<Record<string, string>>;
  algorithm: SigningAlgorithm;
  advertiseClientDocuments: boolean;
}): Record<string, unknown> {
  const { issuer, scopes, algorithm, advertiseClientDocuments } = options;
  const urls = endpoints(issuer);
  return {
    issuer,
    authorization_endpoint: urls.authorization,
    token_endpoint: urls.token,
    registration_endpoint: urls.registration,
    revocation_endpoint: urls.revocation,
    userinfo_endpoint: urls.userinfo,
    jwks_uri: urls.jwks,
    scopes_supported: [...Object.keys(scopes), ...Object.keys(OPENID_SCOPES)],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: [...GRANT_TYPES, TOKEN_EXCHANGE],
    token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS,
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    code_challenge_methods_supported: CODE_CHALLENGE_METHODS,
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: advertiseClientDocuments,
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [algorithm],
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "name", "email"],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  };
}
