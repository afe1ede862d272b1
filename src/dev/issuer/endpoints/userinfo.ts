import type { GrantStore } from "../grants/grant_store.ts";
import type { ReadAccessToken } from "../keys/signed_tokens.ts";
import { OAuthError } from "../oauth_error.ts";
import { personClaims } from "../people.ts";

const MAX_AUTHORIZATION_LENGTH = 8 * 1024;

/** The UserInfo endpoint (OpenID Connect Core §5.3): claims about the person, as long as the grant exists. */
export function createUserinfo(
  readAccessToken: ReadAccessToken,
  grants: GrantStore,
): (request: Request) => Promise<Response> {
  return async function userinfo(request) {
    const token = bearerToken(request.headers.get("authorization") ?? "");
    if (token === undefined) {
      throw new OAuthError("invalid_token", "Send an access token.", {
        status: 401,
        headers: { "www-authenticate": "Bearer" },
      });
    }
    const claims = await readAccessToken(token);
    const grant = claims?.grantId === undefined ? undefined : grants.find(claims.grantId);
    if (claims === undefined || grant === undefined) {
      throw refusal("invalid_token", "The access token is invalid, expired or revoked.", 401);
    }
    if (!claims.scopes.includes("openid")) {
      throw refusal("insufficient_scope", "The access token lacks the scope openid.", 403);
    }
    return Response.json(personClaims(grant.person, claims.scopes), {
      headers: { "cache-control": "no-store" },
    });
  };
}

function bearerToken(authorization: string): string | undefined {
  if (authorization.length > MAX_AUTHORIZATION_LENGTH) return undefined;
  return /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1];
}

function refusal(code: "invalid_token" | "insufficient_scope", message: string, status: number): OAuthError {
  const challenge = `Bearer error="${code}", error_description="${message}"`;
  return new OAuthError(code, message, { status, headers: { "www-authenticate": challenge } });
}
