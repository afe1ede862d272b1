import { html } from "@hono/hono/html";
import { isLoopback } from "../../../net/loopback.ts";
import type { Client } from "../clients/client.ts";
import {
  type AuthorizationRequest,
  OPENID_SCOPES,
  type RequestTicket,
} from "../grants/authorization_request.ts";
import { DEMO_PEOPLE, MAX_NAME_LENGTH, plainText } from "../people.ts";
import { type Html, page } from "./page.ts";

/** An answer that could not be accepted, to be corrected. */
export interface InvalidAnswer {
  /** The field to correct, and what is wrong with it. */
  readonly field: "name" | "passcode";
  readonly problem: string;
  readonly person: string | undefined;
  readonly name: string | undefined;
}

/** What the page shows and sends back. */
export interface ConsentPageOptions {
  /** URL that takes the answer. */
  readonly action: string;
  /** Descriptions of the resource's scopes. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly asksPasscode: boolean;
  readonly client: Client;
  readonly authorizationRequest: AuthorizationRequest;
  readonly ticket: RequestTicket;
  readonly invalid?: InvalidAnswer;
}

/**
 * Choosing "Someone else" by pointer moves the focus to the name, which the choice has just shown. The keyboard walks
 * through the choices by arrow keys and must not be taken away from them.
 */
const FOCUS_NAME = `
const other = document.querySelector('[value="other"]');
let byPointer = false;
addEventListener("pointerdown", () => byPointer = true);
addEventListener("keydown", () => byPointer = false);
other.addEventListener("change", () => byPointer && document.querySelector('[name="name"]').focus());
`;

/** The page that asks who signs in and whether the app may connect (ASA-08). The client's text is escaped and cut. */
export function consentPage(options: ConsentPageOptions): Promise<Response> {
  const { action, scopes, client, authorizationRequest, ticket, invalid } = options;
  const name = plainText(client.name, 60) || "An app without a name";
  const redirectUri = new URL(authorizationRequest.redirectUri);
  return page({
    title: `Development sign-in for ${name}`,
    status: invalid === undefined ? 200 : 400,
    formAction: ["'self'", formActionSource(redirectUri)],
    script: FOCUS_NAME,
    body: html`
      <form method="post" action="${action}">
        <input type="hidden" name="request" value="${ticket.id}">
        <input type="hidden" name="csrf" value="${ticket.csrf}">
        <h1>${name} asks to connect</h1>
        ${invalid === undefined
          ? ""
          : html`<p class="problem" id="problem" role="alert">${invalid.problem}</p>`}
        <dl>
          <div><dt>Returns to</dt><dd>${redirectTarget(redirectUri)}</dd></div>
          ${client.documentHost === undefined ? "" : html`
            <div>
              <dt>Described by</dt>
              <dd>${client.documentHost}</dd>
            </div>
          `}
        </dl>
        ${warning(redirectUri)}
        <section>
          <h2>It will be able to</h2>
          <ul>
            ${authorizationRequest.scopes.map((scope) =>
              html`<li>${scopes[scope] ?? OPENID_SCOPES[scope]}</li>`
            )}
          </ul>
        </section>
        ${peopleFields(invalid)}
        ${options.asksPasscode ? passcodeField(invalid) : ""}
        <div class="buttons">
          <button name="decision" value="allow">Allow</button>
          <button name="decision" value="deny" formnovalidate>Deny</button>
        </div>
      </form>
    `,
  });
}

function peopleFields(invalid: InvalidAnswer | undefined): Html {
  const people = [...DEMO_PEOPLE, { subject: "other", name: "Someone else" }];
  const known = people.find(({ subject }) => subject === invalid?.person) ?? people[0];
  const chosen = invalid?.field === "name" ? "other" : known?.subject;
  return html`
    <fieldset>
      <legend>Sign in as</legend>
      <div class="people">
        ${people.map(({ subject, name }) =>
          html`<label>
        <input type="radio" name="person" value="${subject}" ${subject === chosen ? "checked" : ""}>${name}
      </label>`
        )}
      </div>
      <label class="field name">Name
        <input name="name" maxlength="${MAX_NAME_LENGTH}" autocomplete="off"
          value="${plainText(invalid?.name ?? "", MAX_NAME_LENGTH)}" ${invalidState(invalid, "name")}>
      </label>
    </fieldset>
  `;
}

function passcodeField(invalid: InvalidAnswer | undefined): Html {
  return html`
    <label class="field">Passcode, printed by the server when it started
      <input type="password" name="passcode" required autocomplete="off" ${invalidState(invalid, "passcode")}>
    </label>
  `;
}

/** Moves the focus to the field to correct and tells assistive technology what is wrong with it. */
function invalidState(invalid: InvalidAnswer | undefined, field: InvalidAnswer["field"]): Html | "" {
  if (invalid?.field !== field) return "";
  return html`autofocus aria-invalid="true" aria-describedby="problem"`;
}

function warning(redirectUri: URL): Html | "" {
  if (isWeb(redirectUri) && !isLoopback(redirectUri.hostname)) return "";
  return html`
    <p class="warning">
      Any program on this device could use this name. Go on only if you have just started to connect an app yourself.
    </p>
  `;
}

/** Where a redirect URI leads, in words for a person. */
export function redirectTarget(redirectUri: URL): string {
  return isWeb(redirectUri) ? redirectUri.host : `an app on this device (${redirectUri.protocol})`;
}

function isWeb({ protocol }: URL): boolean {
  return protocol === "https:" || protocol === "http:";
}

/** Policies cannot name an IPv6 address or the host of an app's own scheme: the scheme has to do. */
function formActionSource(redirectUri: URL): string {
  return isWeb(redirectUri) && !redirectUri.hostname.startsWith("[")
    ? redirectUri.origin
    : redirectUri.protocol;
}
