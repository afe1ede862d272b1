import type { GrantStore } from "../grants/grant_store.ts";
import { OAuthError } from "../oauth_error.ts";
import { personClaims } from "../people.ts";
import type { ReadAccessToken } from "../keys/access_token_reader.ts";

/** The UserInfo endpoint (OpenID Connect Core §5.3): claims of the person, while the sign-in lives. */
export function createUserinfo(
  readAccessToken: ReadAccessToken,
  grants: GrantStore,
): (request: Request) => Promise<Response> {
  return async function userinfo(request) {
    const [, token] = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.get("authorization") ?? "") ??
      [];
    if (token === undefined) {
      throw new OAuthError("invalid_token", "Send an access token.", {
        status: 401,
        headers: { "www-authenticate": "Bearer" },
      });
    }
    const claims = await readAccessToken(token);
    const grant = claims === undefined ? undefined : grants.find(claims.grantId);
    if (claims === undefined || grant === undefined) {
      throw refusal(
        "invalid_token",
        "The access token is not valid, expired, or its sign-in was revoked.",
        401,
      );
    }
    if (!claims.scopes.includes("openid")) {
      throw refusal("insufficient_scope", "The access token lacks the scope openid.", 403);
    }
    return Response.json(personClaims(grant.person, claims.scopes), {
      headers: { "cache-control": "no-store" },
    });
  };
}

function refusal(code: "invalid_token" | "insufficient_scope", message: string, status: number): OAuthError {
  const challenge = `Bearer error="${code}", error_description="${message}"`;
  return new OAuthError(code, message, { status, headers: { "www-authenticate": challenge } });
}
