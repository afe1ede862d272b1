import type { ReadAccessToken } from "../keys/access_token_reader.ts";
import type { AuthenticateClient } from "../clients/client_authentication.ts";
import { parameters, readForm } from "./form.ts";
import type { GrantStore } from "../grants/grant_store.ts";
import { OAuthError } from "../oauth_error.ts";

/**
 * Token revocation (RFC 7009). Either kind of token ends the whole grant; 200 for an unknown token, since the client's
 * aim is met. A resource server that checks tokens by itself accepts an issued access token until it expires.
 */
export function createRevoke(
  authenticateClient: AuthenticateClient,
  readAccessToken: ReadAccessToken,
  grants: GrantStore,
): (request: Request) => Promise<Response> {
  return async function revoke(request) {
    const parameter = parameters(await readForm(request));
    const client = await authenticateClient(request, parameter);
    const token = parameter("token");
    if (token === undefined) throw new OAuthError("invalid_request", "Send the token to revoke.");
    const grant = grants.ofRefreshToken(token) ?? grants.find((await readAccessToken(token))?.grantId ?? "");
    if (grant?.clientId === client.id) grants.revoke(grant.id);
    return new Response(null, { headers: { "cache-control": "no-store" } });
  };
}
