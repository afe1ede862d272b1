import type { ReadBody } from "./body.ts";
import { type Parameters, parameters } from "./body.ts";
import { type Client, type FindClient, isRegisteredRedirectUri } from "../clients/client.ts";
import {
  type AuthorizationRequest,
  checkResource,
  codeChallenge,
  grantableScopes,
  type RequestStore,
} from "../grants/authorization_request.ts";
import type { GrantStore } from "../grants/grant_store.ts";
import { createLimit, takeOne } from "../limit.ts";
import { endpoints } from "../metadata.ts";
import { OAuthError } from "../oauth_error.ts";
import { opaqueToken, sameSecret } from "../opaque_token.ts";
import { consentPage, type InvalidAnswer } from "../pages/consent_page.ts";
import { errorPage, startPage } from "../pages/notice_pages.ts";
import { DEMO_PEOPLE, type Person, personNamed } from "../people.ts";

const SIGN_INS_PER_MINUTE = 600;
/** Of the query; most of it may be `state`, which is kept until the decision. */
const MAX_QUERY_LENGTH = 8 * 1024;
/** Wrong passcodes of one address before each further one ends its sign-in. */
const WRONG_PASSCODES = 10;
const WRONG_PASSCODE_SECONDS = 600;

/** What the authorization endpoint relies on. */
export interface AuthorizationOptions {
  readonly issuer: string;
  readonly resource: string;
  readonly scopes: Readonly<Record<string, string>>;
  readonly findClient: FindClient;
  readonly requests: RequestStore;
  readonly grants: GrantStore;
  readonly body: ReadBody;
  /** When set, sign-in asks for it. */
  readonly passcode: string | undefined;
  readonly now: () => number;
}

/** Answers a request; `address` is the client's, where the server knows it. */
type Handler = (request: Request, address: string | undefined) => Promise<Response>;

/**
 * The authorization endpoint (RFC 6749 §4.1.1) and the decision of the person on its page.
 *
 * The order of the checks is the security argument. Until client and redirect URI are known to be good, nothing is
 * sent to that URI and the person sees a page (AS-14). From then on the client learns of every refusal by redirect,
 * with `state` and `iss` (AS-07), provided that somebody has consented to it: otherwise whoever registers a client
 * could use this server as an open redirector (RFC 9700 §4.11.2).
 *
 * One page asks who signs in and whether the app may connect, and one POST answers. There is no session, so nothing is
 * granted without that POST; it needs the browser's cookie, the page's CSRF token and a request that nobody has
 * answered yet (ASA-09).
 */
export function createAuthorization(options: AuthorizationOptions): { authorize: Handler; decide: Handler } {
  const { issuer, resource, scopes, findClient, requests, grants, body, passcode, now } = options;
  const signIns = createLimit(SIGN_INS_PER_MINUTE, 60, now);
  const wrongPasscodes = createLimit(WRONG_PASSCODES, WRONG_PASSCODE_SECONDS, now);
  const cookie = browserCookie(issuer);
  const pageOptions = { action: endpoints(issuer).consent, scopes, asksPasscode: passcode !== undefined };

  async function authorize(request: Request, address: string | undefined): Promise<Response> {
    const { search, searchParams: query } = new URL(request.url);
    if (search === "") return await startPage(resource, 400);
    let client: Client;
    let redirectUri: string;
    try {
      takeOne(signIns, address);
      if (search.length > MAX_QUERY_LENGTH) {
        throw new OAuthError("invalid_request", "The app sent more than 8 KiB of parameters.");
      }
      client = await findClient(onlyValue(query, "client_id"));
      redirectUri = onlyValue(query, "redirect_uri");
      if (!isRegisteredRedirectUri(redirectUri, client.redirectUris)) {
        const message = "The app asked to return to an address that it did not register.";
        throw new OAuthError("invalid_request", message);
      }
    } catch (error) {
      return await errorPage(error);
    }
    try {
      const authorizationRequest = readRequest(query, client, redirectUri);
      const browser = cookie.read(request) ?? opaqueToken();
      const ticket = requests.add(authorizationRequest, browser);
      const page = await consentPage({ ...pageOptions, client, authorizationRequest, ticket });
      page.headers.append("set-cookie", cookie.header(browser));
      return page;
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      const location = responseUri(redirectUri, {
        error: error.code,
        error_description: error.description,
        state: query.get("state") ?? undefined,
        iss: issuer,
      });
      return grants.existFor(client.id) ? redirect(location) : await errorPage(error, location);
    }
  }

  function readRequest(query: URLSearchParams, client: Client, redirectUri: string): AuthorizationRequest {
    const parameter = parameters(query);
    checkResponseType(parameter);
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

  async function decide(request: Request, address: string | undefined): Promise<Response> {
    try {
      const field = parameters(await body.form(request));
      const ticket = {
        id: field("request") ?? "",
        csrf: field("csrf") ?? "",
        browser: cookie.read(request) ?? "",
      };
      const authorizationRequest = requests.find(ticket);
      if (authorizationRequest === undefined) {
        const message = "This page was already answered, is too old, or was opened in another browser.";
        throw new OAuthError("access_denied", message, { status: 403 });
      }
      const { clientId, scopes, nonce, redirectUri, codeChallenge, state } = authorizationRequest;
      if (field("decision") !== "allow") {
        requests.remove(ticket.id);
        const error_description = "The person denied access.";
        const denial = { error: "access_denied", error_description, state, iss: issuer };
        return redirect(responseUri(redirectUri, denial));
      }
      const answer = isPasscode(field("passcode")) ? personOf(field) : wrongPasscode(ticket.id, address);
      if ("problem" in answer) {
        const client = await findClient(clientId);
        const invalid = { ...answer, person: field("person"), name: field("name") };
        return await consentPage({ ...pageOptions, client, authorizationRequest, ticket, invalid });
      }
      requests.remove(ticket.id);
      const code = grants.add(
        { clientId, person: answer, scopes, resource, ...(nonce !== undefined && { nonce }) },
        { redirectUri, codeChallenge },
      );
      return redirect(responseUri(redirectUri, { code, state, iss: issuer }));
    } catch (error) {
      return await errorPage(error);
    }
  }

  function isPasscode(typed = ""): boolean {
    return passcode === undefined || sameSecret(typed.trim(), passcode);
  }

  /**
   * The right passcode is accepted at any time, from any address, so that nobody can lock anyone out. A wrong one is
   * counted against its address; beyond the limit each ends its sign-in, and the next guess needs a new one, of which
   * an address gets 600 a minute. Against 60 random bits that is nothing.
   */
  function wrongPasscode(requestId: string, address: string | undefined): Problem {
    const wait = wrongPasscodes.waitSeconds(address);
    if (wait > 0) {
      requests.remove(requestId);
      const message = "That is not the passcode, and too many wrong ones came from your address.";
      throw new OAuthError("access_denied", message, {
        status: 429,
        headers: { "retry-after": String(wait) },
        remedy: "Copy the passcode that the server printed when it started, then connect again in the app.",
      });
    }
    wrongPasscodes.count(address);
    return {
      field: "passcode",
      problem: "That is not the passcode. Copy the one that the server printed when it started.",
    };
  }

  return { authorize, decide };
}

type Problem = Pick<InvalidAnswer, "field" | "problem">;

function personOf(field: Parameters): Person | Problem {
  return DEMO_PEOPLE.find(({ subject }) => subject === field("person")) ??
    personNamed(field("name") ?? "") ??
    { field: "name", problem: "Type a name." };
}

function onlyValue(query: URLSearchParams, name: string): string {
  const [value, ...more] = query.getAll(name);
  if (!value || more.length > 0) throw new OAuthError("invalid_request", `The app must send one ${name}.`);
  return value;
}

function checkResponseType(parameter: Parameters): void {
  if (parameter("request") !== undefined) {
    const message = "Send plain parameters: request objects are not supported.";
    throw new OAuthError("request_not_supported", message);
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

/** Without sessions, a client that forbids interaction cannot get an answer (OpenID Connect Core §3.1.2.6). */
function checkPrompt(prompt: string | undefined): void {
  if (prompt?.split(" ").includes("none")) {
    throw new OAuthError("login_required", "Every sign-in needs the person: leave out prompt=none.");
  }
}

/** The client's redirect URI with the response (RFC 6749 §4.1.2, RFC 9207); its own query stays as registered. */
function responseUri(
  redirectUri: string,
  response: Readonly<Record<string, string | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(response)) if (value !== undefined) query.set(name, value);
  return `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${query}`;
}

/** 303 turns a POST into a GET, so that no form data travels on (ASA-12). */
function redirect(location: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location, "cache-control": "no-store", "referrer-policy": "no-referrer" },
  });
}

/**
 * The cookie that recognises the browser which began a sign-in, so that no other one can be made to finish it
 * (ASA-09). Over https it has the `__Host-` prefix and `Secure`; plain http on loopback can have neither (ASA-11).
 * `Lax` sends it when the app opens the page, and never with another site's POST.
 */
function browserCookie(issuer: string) {
  const secure = issuer.startsWith("https:");
  const name = secure ? "__Host-dev-sign-in" : "dev-sign-in";
  const attributes = `Path=/; Max-Age=600; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  return {
    read(request: Request): string | undefined {
      const cookies = request.headers.get("cookie")?.split(";") ?? [];
      const value = cookies.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`))
        ?.slice(name.length + 1);
      return value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined;
    },
    header: (value: string) => `${name}=${value}; ${attributes}`,
  };
}
