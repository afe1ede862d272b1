/**
 * What well-known authorization servers put on the wire, as their documentation has it: metadata, and the access
 * tokens of a person. Nothing here was recorded from a tenant of ours; names and ids are made up.
 */

/** The MCP endpoint that the tokens are for. */
export const RESOURCE = "https://mcp.example.com/mcp";
const CLIENT = "a1b2c3d4-0000-4000-8000-000000000001";

/** A token, without the times that every one has. */
export interface Token {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface Provider {
  /** Pages that show these shapes. */
  readonly documented: readonly string[];
  /** Variables of the server, exactly as docs/identity-providers.md shows them. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the metadata is found, and nowhere else. */
  readonly metadataUrl: string;
  readonly metadata:
    & { readonly issuer: string; readonly jwks_uri: string }
    & Readonly<Record<string, unknown>>;
  /** Members of the signing key besides the key itself; `alg` is RS256 unless it is undefined here. */
  readonly key?: Readonly<Record<string, unknown>>;
  /** What the app's tool asks for. */
  readonly scopes: readonly string[];
  readonly good: Readonly<Record<string, Token>>;
  /** Tokens that the provider issues too, and that are not for this server. */
  readonly refused: Readonly<Record<string, Token>>;
  /** Good tokens that lack the permission. */
  readonly forbidden?: Readonly<Record<string, Token>>;
}

const auth0 = {
  documented: [
    "https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles",
    "https://auth0.com/docs/get-started/apis/enable-role-based-access-control-for-apis",
  ],
  metadataUrl: "https://tenant.auth0.com/.well-known/openid-configuration",
  metadata: {
    issuer: "https://tenant.auth0.com/",
    jwks_uri: "https://tenant.auth0.com/.well-known/jwks.json",
  },
  scopes: ["notes:read"],
} as const;
const ofAuth0 = {
  iss: "https://tenant.auth0.com/",
  sub: "auth0|64f1c0ffee",
  aud: [RESOURCE, "https://tenant.auth0.com/userinfo"],
};

const ENTRA_TENANT = "11111111-2222-4333-8444-555555555555";
const ENTRA_API = "66666666-7777-4888-8999-aaaaaaaaaaaa";
const ofEntra = {
  iss: `https://login.microsoftonline.com/${ENTRA_TENANT}/v2.0`,
  aud: ENTRA_API,
  sub: "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
  oid: "00000000-0000-0000-66f3-3332eca7ea81",
  tid: ENTRA_TENANT,
  azp: CLIENT,
  azpacr: "0",
  scp: "notes.read",
  ver: "2.0",
};

const ofOkta = {
  ver: 1,
  jti: "AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE",
  iss: "https://acme.okta.com/oauth2/default",
  aud: RESOURCE,
  cid: "0oabucvyc38HLL1ef0h7",
  uid: "00ug9zlhlqgn2DvZC0h7",
  scp: ["openid", "notes:read"],
  sub: "ada@example.com",
};
const okta = {
  documented: [
    "https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/tag/CustomAS",
    "https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview",
  ],
  metadata: {
    issuer: "https://acme.okta.com/oauth2/default",
    jwks_uri: "https://acme.okta.com/oauth2/default/v1/keys",
  },
  scopes: ["notes:read"],
  good: { "of a custom authorization server": { header: {}, claims: ofOkta } },
  refused: {
    "of the org's own authorization server": {
      header: {},
      claims: { ...ofOkta, iss: "https://acme.okta.com", aud: "https://acme.okta.com" },
    },
    "with the audience that the default server has at first": {
      header: {},
      claims: { ...ofOkta, aud: "api://default" },
    },
  },
} as const;

const ofKeycloak = {
  iss: "https://login.example.com/realms/acme",
  aud: [RESOURCE, "account"],
  sub: "f:3c0f1c2e:ada",
  typ: "Bearer",
  azp: "https://client.example/oauth.json",
  sid: "5c1a4a0e",
  acr: "1",
  realm_access: { roles: ["offline_access", "uma_authorization"] },
  resource_access: { account: { roles: ["manage-account", "view-profile"] } },
  scope: "openid notes:read",
};

const ofWorkOs = {
  iss: "https://acme.authkit.app",
  aud: RESOURCE,
  sub: "user_01HXYZ",
  sid: "app_consent_01HXYZ",
  jti: "01HXYZABC",
  org_id: "org_01HXYZ",
  scope: "openid profile email",
};

const COGNITO = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example";
const ofCognito = {
  iss: COGNITO,
  aud: RESOURCE,
  sub: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
  "cognito:groups": ["readers"],
  version: 2,
  client_id: "xxxxxxxxxxxxexample",
  token_use: "access",
  scope: `openid ${RESOURCE}/notes:read`,
  username: "ada",
};
const { aud: _, ...cognitoWithoutResource } = ofCognito;

const ofClerk = {
  iss: "https://verb-noun-42.clerk.accounts.dev",
  aud: [RESOURCE],
  sub: "user_2abcDEF",
  client_id: "client_2abcDEF",
  jti: "oat_2abcDEF",
  scope: "openid notes:read",
};

export const PROVIDERS: Readonly<Record<string, Provider>> = {
  "Auth0": {
    ...auth0,
    env: { AUTHORIZATION_SERVER_URL: "https://tenant.auth0.com/", RESOURCE_SERVER_URL: RESOURCE },
    good: {
      "of the default profile": {
        header: { typ: "JWT" },
        claims: { ...ofAuth0, azp: "my_client_id", scope: "openid notes:read" },
      },
      "of the RFC 9068 profile": {
        header: { typ: "at+jwt" },
        claims: { ...ofAuth0, client_id: "my_client_id", jti: "73WakrfVbNJBaAmhQtEeDv", scope: "notes:read" },
      },
    },
    refused: {
      "that is an ID token": {
        header: { typ: "JWT" },
        claims: { ...ofAuth0, aud: "my_client_id", nonce: "n" },
      },
      "for the userinfo endpoint alone": {
        header: { typ: "JWT" },
        claims: { ...ofAuth0, aud: "https://tenant.auth0.com/userinfo", scope: "notes:read" },
      },
    },
  },
  "Auth0 with role-based access control": {
    ...auth0,
    env: {
      AUTHORIZATION_SERVER_URL: "https://tenant.auth0.com/",
      RESOURCE_SERVER_URL: RESOURCE,
      SCOPE_CLAIMS: "scope,permissions",
    },
    good: {
      "whose permission the client did not ask for": {
        header: { typ: "JWT" },
        claims: { ...ofAuth0, azp: "my_client_id", scope: "openid profile", permissions: ["notes:read"] },
      },
    },
    refused: {},
    forbidden: {
      "of a person without the role": {
        header: { typ: "JWT" },
        claims: { ...ofAuth0, azp: "my_client_id", scope: "openid profile", permissions: [] },
      },
    },
  },
  "Entra ID": {
    documented: ["https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference"],
    env: {
      AUTHORIZATION_SERVER_URL: `https://login.microsoftonline.com/${ENTRA_TENANT}/v2.0`,
      RESOURCE_SERVER_URL: RESOURCE,
      JWT_AUDIENCES: ENTRA_API,
      SCOPE_PREFIX: `${RESOURCE}/`,
    },
    metadataUrl: `https://login.microsoftonline.com/${ENTRA_TENANT}/v2.0/.well-known/openid-configuration`,
    metadata: {
      issuer: ofEntra.iss,
      jwks_uri: `https://login.microsoftonline.com/${ENTRA_TENANT}/discovery/v2.0/keys`,
    },
    // Its keys do not say for which algorithm they are.
    key: { alg: undefined, issuer: ofEntra.iss },
    scopes: [`${RESOURCE}/notes.read`],
    good: { "of version 2": { header: { typ: "JWT" }, claims: ofEntra } },
    refused: {
      "of version 1, which comes from another issuer": {
        header: { typ: "JWT", x5t: "key-1" },
        claims: {
          ...ofEntra,
          iss: `https://sts.windows.net/${ENTRA_TENANT}/`,
          aud: RESOURCE,
          appid: CLIENT,
          ver: "1.0",
        },
      },
      "for Microsoft Graph": {
        header: { typ: "JWT" },
        claims: { ...ofEntra, aud: "00000003-0000-0000-c000-000000000000" },
      },
      "of another tenant": {
        header: { typ: "JWT" },
        claims: { ...ofEntra, iss: ofEntra.iss.replace("1111", "9999") },
      },
    },
    forbidden: {
      "of an application, whose permissions are roles": {
        header: { typ: "JWT" },
        claims: { ...ofEntra, scp: undefined, roles: ["notes.read"], idtyp: "app" },
      },
    },
  },
  "Okta": {
    ...okta,
    env: { AUTHORIZATION_SERVER_URL: "https://acme.okta.com/oauth2/default", RESOURCE_SERVER_URL: RESOURCE },
    metadataUrl: "https://acme.okta.com/.well-known/oauth-authorization-server/oauth2/default",
  },
  "Okta with its metadata in the older place": {
    ...okta,
    env: { AUTHORIZATION_SERVER_URL: "https://acme.okta.com/oauth2/default", RESOURCE_SERVER_URL: RESOURCE },
    metadataUrl: "https://acme.okta.com/oauth2/default/.well-known/openid-configuration",
  },
  "Keycloak": {
    documented: [
      "https://www.keycloak.org/securing-apps/mcp-authz-server",
      "https://phasetwo.io/tutorials/clients/audience/",
    ],
    env: {
      AUTHORIZATION_SERVER_URL: "https://login.example.com/realms/acme",
      RESOURCE_SERVER_URL: RESOURCE,
    },
    metadataUrl: "https://login.example.com/realms/acme/.well-known/openid-configuration",
    metadata: {
      issuer: "https://login.example.com/realms/acme",
      jwks_uri: "https://login.example.com/realms/acme/protocol/openid-connect/certs",
    },
    scopes: ["notes:read"],
    good: { "with an audience mapper": { header: { typ: "JWT" }, claims: ofKeycloak } },
    refused: {
      "of a new realm, which is for the account console": {
        header: { typ: "JWT" },
        claims: { ...ofKeycloak, aud: "account" },
      },
      "of a client without roles, which names no audience": {
        header: { typ: "JWT" },
        claims: { ...ofKeycloak, aud: undefined },
      },
      "without a subject, from a client that lacks the scope basic": {
        header: { typ: "JWT" },
        claims: { ...ofKeycloak, sub: undefined },
      },
    },
  },
  "WorkOS AuthKit": {
    documented: [
      "https://workos.com/docs/authkit/mcp",
      "https://docs.skybridge.tech/api-reference/workos-provider",
    ],
    env: { AUTHORIZATION_SERVER_URL: "https://acme.authkit.app", RESOURCE_SERVER_URL: RESOURCE },
    metadataUrl: "https://acme.authkit.app/.well-known/oauth-authorization-server",
    metadata: { issuer: "https://acme.authkit.app", jwks_uri: "https://acme.authkit.app/oauth2/jwks" },
    scopes: [],
    good: { "for a resource indicator": { header: {}, claims: ofWorkOs } },
    refused: {
      "for the client, before there was a resource indicator": {
        header: {},
        claims: { ...ofWorkOs, aud: "client_01HXYZ" },
      },
    },
  },
  "Amazon Cognito": {
    documented: [
      "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html",
      "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html",
    ],
    env: { AUTHORIZATION_SERVER_URL: COGNITO, RESOURCE_SERVER_URL: RESOURCE },
    metadataUrl: `${COGNITO}/.well-known/openid-configuration`,
    metadata: { issuer: COGNITO, jwks_uri: `${COGNITO}/.well-known/jwks.json` },
    scopes: [`${RESOURCE}/notes:read`],
    good: { "that is bound to a resource": { header: {}, claims: ofCognito } },
    refused: {
      "that names no audience, as all do without resource binding": {
        header: {},
        claims: cognitoWithoutResource,
      },
      "that is an ID token": {
        header: {},
        claims: { ...cognitoWithoutResource, aud: "xxxxxxxxxxxxexample", token_use: "id" },
      },
    },
  },
  "Clerk": {
    documented: [
      "https://clerk.com/docs/guides/development/machine-auth/token-formats",
      "https://clerk.com/changelog/2026-08-21-custom-oauth-scopes",
    ],
    env: {
      AUTHORIZATION_SERVER_URL: "https://verb-noun-42.clerk.accounts.dev",
      RESOURCE_SERVER_URL: RESOURCE,
    },
    metadataUrl: "https://verb-noun-42.clerk.accounts.dev/.well-known/oauth-authorization-server",
    metadata: {
      issuer: "https://verb-noun-42.clerk.accounts.dev",
      jwks_uri: "https://verb-noun-42.clerk.accounts.dev/.well-known/jwks.json",
    },
    scopes: ["notes:read"],
    good: { "as JWT, for a resource": { header: { typ: "at+jwt" }, claims: ofClerk } },
    refused: {
      "that names no audience, because the client asked for no resource": {
        header: { typ: "at+jwt" },
        claims: { ...ofClerk, aud: undefined },
      },
      "of a browser's session": {
        header: { typ: "JWT" },
        claims: { ...ofClerk, aud: undefined, azp: "https://app.example.com", sid: "sess_2abcDEF" },
      },
    },
  },
};
