import { authorizationResponse } from "./authorization_response.ts";
import { createBrowserCookie } from "../pages/browser_cookie.ts";
import type { Client, FindClient } from "../clients/client.ts";
import { type Answer, consentPage } from "../pages/consent_page.ts";
import { errorPage } from "../pages/error_page.ts";
import { type Parameters, parameters, readForm } from "./form.ts";
import type { GrantStore } from "../grants/grant_store.ts";
import { createLimit } from "../limit.ts";
import { endpoints } from "../metadata.ts";
import { OAuthError } from "../oauth_error.ts";
import { sameSecret } from "../opaque_token.ts";
import { DEMO_PEOPLE, type Person, personNamed } from "../people.ts";
import type { AuthorizationRequest, RequestStore } from "../grants/request_store.ts";

/** Stores a checked authorization request and answers with the page that asks the person. */
export type AskConsent = (request: Request, client: Client, asked: AuthorizationRequest) => Promise<Response>;

/** What sign-in and consent rely on. */
export interface ConsentOptions {
  readonly issuer: string;
  readonly resource: string;
  readonly scopes: Readonly<Record<string, string>>;
  readonly findClient: FindClient;
  readonly requests: RequestStore;
  readonly grants: GrantStore;
  /** When set, sign-in asks for it. */
  readonly passcode: string | undefined;
  readonly now: () => number;
}

/**
 * Sign-in and consent: one page asks who you are and whether the app may, one POST answers. No session is kept, so
 * nothing is ever allowed without that POST; it needs the browser's cookie, the page's CSRF token and a request that
 * nobody answered yet (ASA-09).
 */
export function createConsent(options: ConsentOptions): {
  ask: AskConsent;
  decide: (request: Request) => Promise<Response>;
} {
  const { issuer, resource, requests, grants, passcode } = options;
  const wrongPasscodes = createLimit(10, 600, options.now);
  const cookie = createBrowserCookie(issuer);
  const pageOptions = {
    action: endpoints(issuer).consent,
    scopes: options.scopes,
    asksPasscode: passcode !== undefined,
  };

  async function ask(request: Request, client: Client, asked: AuthorizationRequest): Promise<Response> {
    const browser = cookie.read(request) ?? cookie.create();
    const ticket = requests.begin(asked, browser);
    const page = await consentPage({ ...pageOptions, client, asked, ticket });
    page.headers.append("set-cookie", cookie.header(browser));
    return page;
  }

  async function decide(request: Request): Promise<Response> {
    try {
      const field = parameters(await readForm(request));
      const ticket = {
        id: field("request") ?? "",
        csrf: field("csrf") ?? "",
        browser: cookie.read(request) ?? "",
      };
      const asked = requests.find(ticket);
      if (asked === undefined) {
        const message = "This page was already answered, is too old, or was opened in another browser.";
        throw new OAuthError("access_denied", message, { status: 403 });
      }
      const { redirectUri, state } = asked;
      if (field("decision") !== "allow") {
        requests.end(ticket.id);
        const refusal = {
          error: "access_denied",
          error_description: "The person said no.",
          state,
          iss: issuer,
        };
        return authorizationResponse(redirectUri, refusal);
      }
      const person = signIn(field);
      if ("problem" in person) {
        const client = await options.findClient(asked.clientId);
        return await consentPage({ ...pageOptions, client, asked, ticket, last: person });
      }
      requests.end(ticket.id);
      return authorizationResponse(redirectUri, { code: begin(asked, person), state, iss: issuer });
    } catch (cause) {
      return await errorPage(cause);
    }
  }

  function begin(
    { clientId, scopes, nonce, redirectUri, codeChallenge }: AuthorizationRequest,
    person: Person,
  ): string {
    return grants.begin(
      { clientId, person, scopes, resource, ...(nonce !== undefined && { nonce }) },
      { redirectUri, codeChallenge },
    );
  }

  function signIn(field: Parameters): Person | Answer {
    const answer = { person: field("person"), name: field("name") };
    const problem = passcodeProblem(field("passcode") ?? "");
    if (problem !== undefined) return { ...answer, problem };
    return DEMO_PEOPLE.find(({ subject }) => subject === answer.person) ??
      personNamed(answer.name ?? "") ?? { ...answer, problem: "Type a name." };
  }

  function passcodeProblem(typed: string): string | undefined {
    if (passcode === undefined) return undefined;
    const wait = wrongPasscodes.waitSeconds();
    if (wait > 0) return `Too many wrong passcodes. Wait ${Math.ceil(wait / 60)} minutes.`;
    if (sameSecret(typed, passcode)) return undefined;
    wrongPasscodes.count();
    return "That is not the passcode. The server printed it when it started.";
  }

  return { ask, decide };
}
