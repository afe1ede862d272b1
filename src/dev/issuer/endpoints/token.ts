import { type Client, GRANT_TYPES, type GrantType, TOKEN_EXCHANGE } from "../clients/client.ts";
import type { AuthenticateClient } from "../clients/client_authentication.ts";
import { type Parameters, parameters, type ReadBody, required } from "./body.ts";
import { checkCodeVerifier, checkResource, scopeList } from "../grants/authorization_request.ts";
import type { Grant, GrantStore } from "../grants/grant_store.ts";
import type { ReadAccessToken, TokenSigner } from "../keys/signed_tokens.ts";
import { OAuthError } from "../oauth_error.ts";
import { createTokenExchange } from "./token_exchange.ts";

/** What the token and the revocation endpoint rely on. */
export interface TokenOptions {
  readonly resource: string;
  readonly authenticateClient: AuthenticateClient;
  readonly body: ReadBody;
  readonly grants: GrantStore;
  readonly signer: TokenSigner;
  readonly readAccessToken: ReadAccessToken;
  /** Called for every client that gets tokens. */
  readonly markUsed: (clientId: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Granted {
  readonly grant: Grant;
  /** At most the grant's scopes. */
  readonly scopes: readonly string[];
  readonly refreshToken?: string;
}

/** One grant type: checks the request and spends the code or refresh token in one transaction. */
type GrantHandler = (parameter: Parameters, client: Client) => Granted;

/**
 * The token endpoint (RFC 6749 §3.2): form → client → resource → grant. The client is known before the code or refresh
 * token is looked at, and that is spent only after every other check has passed.
 */
export function createToken(options: TokenOptions): (request: Request) => Promise<Response> {
  const { resource, authenticateClient, body, grants, signer, markUsed } = options;
  const exchange = createTokenExchange(options);
  const handlers: Record<GrantType, GrantHandler> = {
    authorization_code(parameter, client) {
      const verifier = parameter("code_verifier");
      const redirectUri = parameter("redirect_uri");
      const grant = grants.redeem(required(parameter, "code"), (grant, binding) => {
        checkOwner(grant, client, resource);
        // OAuth 2.1 no longer requires it; when it is sent, it must be the one of the request (AST-03).
        if (redirectUri !== undefined && redirectUri !== binding.redirectUri) {
          const message = "The redirect_uri is not the one of the authorization request.";
          throw new OAuthError("invalid_grant", message);
        }
        checkCodeVerifier(verifier, binding.codeChallenge);
      });
      if (!client.grantTypes.includes("refresh_token")) return { grant, scopes: grant.scopes };
      return { grant, scopes: grant.scopes, refreshToken: grants.issueRefreshToken(grant.id) };
    },
    refresh_token(parameter, client) {
      const scope = parameter("scope");
      const requested = scope === undefined ? undefined : scopeList(scope);
      const { grant, refreshToken } = grants.rotate(required(parameter, "refresh_token"), (grant) => {
        checkOwner(grant, client, resource);
        if (requested?.some((scope) => !grant.scopes.includes(scope))) {
          throw new OAuthError("invalid_scope", "A refresh cannot add scopes: start a new sign-in.");
        }
      });
      return { grant, scopes: requested ?? grant.scopes, refreshToken };
    },
  };

  return async function token(request) {
    const form = await body.form(request);
    const parameter = parameters(form);
    const client = await authenticateClient(request, parameter);
    const grantType = required(parameter, "grant_type");
    if (grantType === TOKEN_EXCHANGE) return await exchange(form, client);
    if (!isGrantType(grantType)) {
      throw new OAuthError("unsupported_grant_type", `Use ${GRANT_TYPES.join(" or ")}.`);
    }
    checkResource(form, resource);
    const { grant, scopes, refreshToken } = handlers[grantType](parameter, client);
    markUsed(client.id);
    const { person } = grant;
    return Response.json({
      access_token: await signer.accessToken({ person, clientId: client.id, scopes, grantId: grant.id }),
      token_type: "Bearer",
      expires_in: signer.accessTokenSeconds,
      ...(scopes.length > 0 && { scope: scopes.join(" ") }),
      ...(refreshToken !== undefined && { refresh_token: refreshToken }),
      ...(scopes.includes("openid") && { id_token: await signer.idToken(grant) }),
    }, { headers: { "cache-control": "no-store" } });
  };
}

/**
 * Token revocation (RFC 7009). Either kind of token ends the whole grant; an unknown token is a 200 too, since it is
 * already useless. A resource server that verifies tokens by itself accepts an access token until it expires.
 */
export function createRevocation(options: TokenOptions): (request: Request) => Promise<Response> {
  const { authenticateClient, body, grants, readAccessToken } = options;
  return async function revocation(request) {
    const parameter = parameters(await body.form(request));
    const client = await authenticateClient(request, parameter);
    const token = required(parameter, "token");
    const grant = grants.findByRefreshToken(token) ??
      grants.find((await readAccessToken(token))?.grantId ?? "");
    if (grant?.clientId === client.id) grants.revoke(grant.id);
    return new Response(null, { headers: { "cache-control": "no-store" } });
  };
}

function isGrantType(name: string): name is GrantType {
  return GRANT_TYPES.some((type) => type === name);
}

function checkOwner(grant: Grant, client: Client, resource: string): void {
  if (grant.clientId !== client.id) {
    throw new OAuthError("invalid_grant", "This was issued to another client.");
  }
  if (grant.resource !== resource) {
    throw new OAuthError("invalid_grant", "This was issued for another resource.");
  }
}
