import { type Check, ok, unknown } from "../check.ts";
import { stringsOf } from "../json.ts";
import type { IssuerVisit } from "./authorization_server.ts";

/** What a tenant of Auth0 is set up for. */
export interface Auth0Context {
  readonly visit: IssuerVisit;
  /** The URL of the MCP endpoint, which is the audience of its tokens. */
  readonly resource: string;
}

/** Whether an issuer is a tenant of Auth0, by its name or, behind a domain of its own, by its metadata. */
export async function isAuth0({ issuer, metadata }: IssuerVisit): Promise<boolean> {
  if (new URL(issuer).hostname.endsWith(".auth0.com")) return true;
  const { mfa_challenge_endpoint: mfa } = (await metadata()).document;
  return mfa === `${issuer}mfa/challenge`;
}

/** The switches of Auth0's dashboard. Most of them cannot be seen from outside. */
export const auth0: readonly Check<Auth0Context>[] = [
  {
    id: "auth0.api",
    title: "Auth0: the API",
    expected: "its identifier is the URL of the MCP endpoint, which is the audience of tokens",
    requirements: ["AUTH-04", "OAI-04"],
    run({ resource }) {
      return unknown(
        "Not to be seen from outside.",
        `Dashboard → Applications → APIs → Create API: Identifier ${resource}, JSON Web Token signing algorithm ` +
          "RS256, and under Permissions every scope of the tools.",
      );
    },
  },
  {
    id: "auth0.default-audience",
    title: "Auth0: the default audience",
    expected: "access tokens are JWTs signed with RS256, not encrypted or opaque ones",
    requirements: ["AUTH-04", "AUTH-05"],
    run({ resource }) {
      return unknown(
        "Not to be seen from outside; --token shows what a token is.",
        `Dashboard → Settings → General → API Authorization Settings → Default Audience: ${resource}`,
      );
    },
  },
  {
    id: "auth0.registration",
    title: "Auth0: registration of clients",
    expected: "dynamic registration or client ID metadata documents are switched on",
    requirements: ["AS-04"],
    async run({ visit }) {
      const { client_id_metadata_document_supported: documents } = (await visit.metadata()).document;
      if (documents === true) return ok("client ID metadata documents");
      return unknown(
        "The registration endpoint is advertised whether it is switched on or not.",
        "Dashboard → Settings → Advanced → OIDC Dynamic Application Registration: on.",
      );
    },
  },
  {
    id: "auth0.connection",
    title: "Auth0: the connection",
    expected: "promoted to domain level, which clients that register themselves need",
    requirements: ["AS-04"],
    run() {
      return unknown(
        "Not to be seen from outside.",
        "Dashboard → Authentication → your connection → Settings → Promote Connection to Domain Level: on.",
      );
    },
  },
  {
    id: "auth0.permissions",
    title: "Auth0: scopes with role-based access control",
    expected: "the server reads the claim permissions, if RBAC puts the scopes there",
    requirements: ["AUTH-13"],
    async run({ visit }) {
      const claims = stringsOf((await visit.metadata()).document["claims_supported"]);
      return unknown(
        claims.length > 0 ? `${claims.length} claims are advertised` : "Not to be seen from outside.",
        "With Dashboard → APIs → your API → Enable RBAC and Add Permissions in the Access Token, set SCOPE_CLAIMS=scope,permissions",
      );
    },
  },
];
