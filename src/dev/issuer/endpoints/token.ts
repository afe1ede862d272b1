import type { Client, GrantType } from "../clients/client.ts";
import type { AuthenticateClient } from "../clients/client_authentication.ts";
import { type Parameters, parameters, readForm } from "./form.ts";
import type { Grant, GrantStore } from "../grants/grant_store.ts";
import { OAuthError } from "../oauth_error.ts";
import { checkCodeVerifier } from "../grants/pkce.ts";
import { checkResource } from "../grants/resource_indicator.ts";
import type { TokenMinter } from "../keys/token_minter.ts";

/** What the token endpoint relies on. */
export interface TokenOptions {
  readonly resource: string;
  readonly authenticateClient: AuthenticateClient;
  readonly grants: GrantStore;
  readonly minter: TokenMinter;
  /** Told of every client that got tokens. */
  readonly clientUsed: (clientId: string) => void;
}

interface Outcome {
  readonly grant: Grant;
  /** At most the grant's scopes. */
  readonly scopes: readonly string[];
  readonly refreshToken?: string;
}

/** One grant type: checks the request and spends the code or refresh token in one transaction. */
type GrantHandler = (parameter: Parameters, client: Client) => Outcome;

/**
 * The token endpoint (RFC 6749 §3.2): form → client → resource → grant. The client is known before the code or refresh
 * token is looked at, and that is spent only after every other check has passed.
 */
export function createToken(options: TokenOptions): (request: Request) => Promise<Response> {
  const { resource, authenticateClient, grants, minter, clientUsed } = options;
  const handlers: Record<GrantType, GrantHandler> = {
    authorization_code(parameter, client) {
      const verifier = parameter("code_verifier");
      const redirectUri = parameter("redirect_uri");
      const grant = grants.redeem(required(parameter, "code"), (grant, binding) => {
        checkOwner(grant, client, resource);
        // OAuth 2.1 no longer wants it sent; if it is, it must be the one of the request (AST-03).
        if (redirectUri !== undefined && redirectUri !== binding.redirectUri) {
          throw new OAuthError(
            "invalid_grant",
            "The redirect_uri is not the one of the authorization request.",
          );
        }
        checkCodeVerifier(verifier, binding.codeChallenge);
      });
      if (!client.grantTypes.includes("refresh_token")) return { grant, scopes: grant.scopes };
      return { grant, scopes: grant.scopes, refreshToken: grants.issueRefreshToken(grant.id) };
    },
    refresh_token(parameter, client) {
      const asked = parameter("scope")?.split(" ");
      const { grant, refreshToken } = grants.rotate(required(parameter, "refresh_token"), (grant) => {
        checkOwner(grant, client, resource);
        if (asked?.some((scope) => !grant.scopes.includes(scope))) {
          throw new OAuthError("invalid_scope", "A refresh cannot add scopes: ask for a new sign-in.");
        }
      });
      return { grant, scopes: asked ?? grant.scopes, refreshToken };
    },
  };

  return async function token(request) {
    const form = await readForm(request);
    const parameter = parameters(form);
    const client = await authenticateClient(request, parameter);
    const grantType = required(parameter, "grant_type");
    if (!isGrantType(grantType)) {
      throw new OAuthError("unsupported_grant_type", "Use authorization_code or refresh_token.");
    }
    checkResource(form, resource);
    const { grant, scopes, refreshToken } = handlers[grantType](parameter, client);
    clientUsed(client.id);
    const body = {
      access_token: await minter.accessToken({
        person: grant.person,
        clientId: client.id,
        scopes,
        grantId: grant.id,
      }),
      token_type: "Bearer",
      expires_in: minter.accessTokenSeconds,
      ...(scopes.length > 0 && { scope: scopes.join(" ") }),
      ...(refreshToken !== undefined && { refresh_token: refreshToken }),
      ...(scopes.includes("openid") && { id_token: await minter.idToken(grant) }),
    };
    return Response.json(body, { headers: { "cache-control": "no-store" } });
  };
}

function required(parameter: Parameters, name: string): string {
  const value = parameter(name);
  if (value === undefined) throw new OAuthError("invalid_request", `Send the ${name}.`);
  return value;
}

function isGrantType(name: string): name is GrantType {
  return name === "authorization_code" || name === "refresh_token";
}

function checkOwner(grant: Grant, client: Client, resource: string): void {
  if (grant.clientId !== client.id) {
    throw new OAuthError("invalid_grant", "This was issued to another client.");
  }
  if (grant.resource !== resource) {
    throw new OAuthError("invalid_grant", "This was issued for another resource.");
  }
}
