import { type Client, TOKEN_EXCHANGE } from "../clients/client.ts";
import { scopeList } from "../grants/authorization_request.ts";
import type { GrantStore } from "../grants/grant_store.ts";
import type { ReadAccessToken, TokenSigner } from "../keys/signed_tokens.ts";
import { OAuthError } from "../oauth_error.ts";
import { parameters, required } from "./body.ts";

const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const MAX_TARGET_LENGTH = 2048;

/**
 * Token exchange (RFC 8693 §2): the resource server trades an access token that it got for one of the same person that
 * another API accepts, with the same scopes or fewer, and for no longer. Any API will do.
 */
export function createTokenExchange(
  { resource, grants, signer, readAccessToken, now }: {
    readonly resource: string;
    readonly grants: GrantStore;
    readonly signer: TokenSigner;
    readonly readAccessToken: ReadAccessToken;
    readonly now: () => number;
  },
): (form: URLSearchParams, client: Client) => Promise<Response> {
  return async function tokenExchange(form, client) {
    if (!client.grantTypes.includes(TOKEN_EXCHANGE)) {
      throw new OAuthError("unauthorized_client", "Only the resource server exchanges tokens.");
    }
    const parameter = parameters(form);
    const types = [required(parameter, "subject_token_type"), parameter("requested_token_type")];
    if (types.some((type) => type !== undefined && type !== ACCESS_TOKEN) || parameter("actor_token")) {
      const message = "Exchange an access token for an access token, without an actor_token.";
      throw new OAuthError("invalid_request", message);
    }
    const aud = targetOf(form);
    const subject = await readAccessToken(required(parameter, "subject_token"));
    const isRevoked = subject?.grantId !== undefined && !grants.find(subject.grantId);
    if (subject?.audience !== resource || isRevoked) {
      // RFC 8693 §2.2.2 asks for this code, not for invalid_grant.
      const message = "The subject_token is invalid, expired, revoked, or not for the resource server.";
      throw new OAuthError("invalid_request", message);
    }
    const scope = parameter("scope");
    const scopes = scope === undefined ? subject.scopes : scopeList(scope);
    if (scopes.some((scope) => !subject.scopes.includes(scope))) {
      throw new OAuthError("invalid_scope", "An exchange cannot add scopes.");
    }
    const iat = Math.floor(now() / 1000);
    const exp = Math.min(iat + signer.accessTokenSeconds, subject.expiresAt);
    const person = { subject: subject.subject, name: subject.subject };
    return Response.json({
      access_token: await signer.accessToken({ person, clientId: client.id, scopes, claims: { aud, exp } }),
      issued_token_type: ACCESS_TOKEN,
      token_type: "Bearer",
      expires_in: exp - iat,
      ...(scopes.length > 0 && { scope: scopes.join(" ") }),
    }, { headers: { "cache-control": "no-store" } });
  };
}

/** The one API that the token is for: an absolute URL (RFC 8707 §2), or a name. Throws `invalid_target`. */
function targetOf(form: URLSearchParams): string {
  const resources = form.getAll("resource");
  const [target = "", ...more] = [...resources, ...form.getAll("audience")];
  const isUrl = resources.every((url) => URL.canParse(url) && !url.includes("#"));
  if (target === "" || target.length > MAX_TARGET_LENGTH || more.length > 0 || !isUrl) {
    throw new OAuthError(
      "invalid_target",
      "Name one API, by a resource that is an absolute URL, or an audience.",
    );
  }
  return target;
}
