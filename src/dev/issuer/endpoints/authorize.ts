import { authorizationResponse } from "./authorization_response.ts";
import type { Client, FindClient } from "../clients/client.ts";
import type { AskConsent } from "./consent.ts";
import { errorPage } from "../pages/error_page.ts";
import { type Parameters, parameters } from "./form.ts";
import { createLimit, spend } from "../limit.ts";
import { OAuthError } from "../oauth_error.ts";
import { codeChallenge } from "../grants/pkce.ts";
import { isRegisteredRedirectUri, redirectUriProblem } from "../clients/redirect_uri.ts";
import type { AuthorizationRequest } from "../grants/request_store.ts";
import { checkResource } from "../grants/resource_indicator.ts";
import { grantableScopes } from "../scope.ts";

/** Bounds the requests that wait for a decision. */
const SIGN_INS_PER_MINUTE = 600;
/** Of the query; most of it may be `state`, which is kept until then. */
const MAX_QUERY_LENGTH = 8 * 1024;

/** What the authorization endpoint relies on. */
export interface AuthorizeOptions {
  readonly issuer: string;
  readonly resource: string;
  readonly scopes: Readonly<Record<string, string>>;
  readonly findClient: FindClient;
  readonly askConsent: AskConsent;
  readonly now: () => number;
}

/**
 * The authorization endpoint (RFC 6749 §4.1.1). The order of the checks is the security argument: until client and
 * redirect URI are known good, nothing is sent to that URI and the person sees a page (AS-14). From then on the client
 * hears of every refusal by redirect, with `state` and `iss` (AS-07).
 */
export function createAuthorize(options: AuthorizeOptions): (request: Request) => Promise<Response> {
  const limit = createLimit(SIGN_INS_PER_MINUTE, 60, options.now);
  return async function authorize(request) {
    const { search, searchParams: query } = new URL(request.url);
    let client: Client;
    let redirectUri: string;
    try {
      spend(limit);
      if (search.length > MAX_QUERY_LENGTH) {
        throw new OAuthError("invalid_request", "The app sent more than 8 KiB of parameters.");
      }
      client = await options.findClient(onlyValue(query, "client_id"));
      redirectUri = checkRedirectUri(onlyValue(query, "redirect_uri"), client);
    } catch (cause) {
      return await errorPage(cause);
    }
    try {
      return await options.askConsent(
        request,
        client,
        authorizationRequest(query, client, redirectUri, options),
      );
    } catch (cause) {
      if (!(cause instanceof OAuthError)) throw cause;
      return authorizationResponse(redirectUri, {
        error: cause.code,
        error_description: cause.message,
        state: query.get("state") ?? undefined,
        iss: options.issuer,
      });
    }
  };
}

function onlyValue(query: URLSearchParams, name: string): string {
  const [value, ...more] = query.getAll(name);
  if (!value || more.length > 0) throw new OAuthError("invalid_request", `The app must send one ${name}.`);
  return value;
}

function checkRedirectUri(redirectUri: string, client: Client): string {
  // The second condition catches what the loopback exception lets through, such as a port above 65535.
  if (
    !isRegisteredRedirectUri(redirectUri, client.redirectUris) ||
    redirectUriProblem(redirectUri) !== undefined
  ) {
    throw new OAuthError(
      "invalid_request",
      "The app asked to return to an address that it did not register.",
    );
  }
  return redirectUri;
}

function authorizationRequest(
  query: URLSearchParams,
  client: Client,
  redirectUri: string,
  { resource, scopes }: AuthorizeOptions,
): AuthorizationRequest {
  const parameter = parameters(query);
  checkRequestForm(parameter);
  const challenge = codeChallenge(parameter);
  checkResource(query, resource);
  const granted = grantableScopes(parameter("scope"), scopes);
  checkPrompt(parameter("prompt"));
  const state = parameter("state");
  const nonce = parameter("nonce");
  return {
    clientId: client.id,
    redirectUri,
    codeChallenge: challenge,
    scopes: granted,
    ...(state !== undefined && { state }),
    ...(nonce !== undefined && { nonce }),
  };
}

function checkRequestForm(parameter: Parameters): void {
  if (parameter("request") !== undefined) {
    throw new OAuthError(
      "request_not_supported",
      "Send plain parameters: request objects are not supported.",
    );
  }
  if (parameter("request_uri") !== undefined) {
    throw new OAuthError("request_uri_not_supported", "Send plain parameters: request_uri is not supported.");
  }
  const responseType = parameter("response_type");
  if (responseType === undefined) throw new OAuthError("invalid_request", "Send response_type=code.");
  if (responseType !== "code") {
    throw new OAuthError("unsupported_response_type", "Only response_type=code is supported.");
  }
  if ((parameter("response_mode") ?? "query") !== "query") {
    throw new OAuthError("invalid_request", "Only response_mode=query is supported.");
  }
}

/** We keep no session: a client that asks for no interaction cannot have an answer (OpenID Connect Core §3.1.2.6). */
function checkPrompt(prompt: string | undefined): void {
  if (prompt?.split(" ").includes("none")) {
    throw new OAuthError("login_required", "Every sign-in needs the person: leave out prompt=none.");
  }
}
