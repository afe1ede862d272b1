import { html } from "@hono/hono/html";
import type { Client } from "../clients/client.ts";
import { isLoopback } from "../../../net/loopback.ts";
import { type Html, page } from "./page.ts";
import { DEMO_PEOPLE } from "../people.ts";
import type { AuthorizationRequest, RequestTicket } from "../grants/request_store.ts";
import { OPENID_SCOPES } from "../scope.ts";

/** An answer and what is wrong with it. */
export interface Answer {
  readonly problem: string;
  readonly person: string | undefined;
  readonly name: string | undefined;
}

/** What the page shows and sends back. */
export interface ConsentPageOptions {
  /** URL that takes the answer. */
  readonly action: string;
  /** Words for the scopes of the resource. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly asksPasscode: boolean;
  readonly client: Client;
  readonly asked: AuthorizationRequest;
  readonly ticket: RequestTicket;
  /** The answer that could not be taken, to be corrected. */
  readonly last?: Answer;
}

/** The page that asks who is there and whether the app may (ASA-08). All text from the client is escaped and cut. */
export function consentPage(options: ConsentPageOptions): Promise<Response> {
  const { action, client, asked, ticket, last } = options;
  const name = displayable(client.name);
  const redirect = new URL(asked.redirectUri);
  return page({
    title: `Development sign-in for ${name}`,
    status: last === undefined ? 200 : 400,
    formAction: ["'self'", formActionSource(redirect)],
    body: html`<form method="post" action="${action}">
      <input type="hidden" name="request" value="${ticket.id}">
      <input type="hidden" name="csrf" value="${ticket.csrf}">
      <h1>${name} asks to connect</h1>
      ${last === undefined ? "" : html`<p class="problem" role="alert">${last.problem}</p>`}
      <dl>
        <div><dt>Returns to</dt><dd>${returnPlace(redirect)}</dd></div>
        ${
      client.documentHost === undefined ? "" : html`
        <div>
          <dt>Described by</dt>
          <dd>${client.documentHost}</dd>
        </div>
      `
    }
      </dl>
      ${warning(redirect)}
      <section>
        <h2>It will be able to</h2>
        <ul>${
      asked.scopes.map((scope) => html`<li>${options.scopes[scope] ?? OPENID_SCOPES[scope]}</li>`)
    }</ul>
      </section>
      ${peopleFields(last)}
      ${options.asksPasscode ? passcodeField() : ""}
      <div class="buttons">
        <button name="decision" value="allow">Allow</button>
        <button name="decision" value="deny" formnovalidate>Deny</button>
      </div>
    </form>`,
  });
}

function peopleFields(last: Answer | undefined): Html {
  const people = [...DEMO_PEOPLE, { subject: "other", name: "Someone else" }];
  const chosen = last?.person ?? people[0]?.subject;
  return html`
    <fieldset>
      <legend>Sign in as</legend>
      <div class="people">${people.map(({ subject, name }) =>
        html`<label>
        <input type="radio" name="person" value="${subject}" ${subject === chosen ? "checked" : ""}>${name}
      </label>`
      )}</div>
      <label class="field name">Name
          <input name="name" maxlength="60" autocomplete="off" value="${last?.name ?? ""}">
        </label>
    </fieldset>
  `;
}

function passcodeField(): Html {
  return html`<label class="field">Passcode, printed by the server when it started
    <input type="password" name="passcode" required autocomplete="off">
  </label>`;
}

/** No control or direction-changing characters, which could make a name look like another, and not too long. */
function displayable(name: string): string {
  const clean = name.replace(/[\p{C}\s]+/gu, " ").trim();
  return clean.length > 60 ? `${clean.slice(0, 60)}…` : clean || "An app without a name";
}

function isWeb({ protocol }: URL): boolean {
  return protocol === "https:" || protocol === "http:";
}

function returnPlace(redirect: URL): string {
  return isWeb(redirect) ? redirect.host : `an app on this device (${redirect.protocol})`;
}

function warning(redirect: URL): Html | "" {
  if (isWeb(redirect) && !isLoopback(redirect.hostname)) return "";
  return html`<p class="warning">Any program on this device could call itself by this name. Go on only if you have just
    started to connect an app yourself.</p>`;
}

/** Policies cannot name an IPv6 address or the host of an app's own scheme: the scheme has to do. */
function formActionSource(redirect: URL): string {
  return isWeb(redirect) && !redirect.hostname.startsWith("[") ? redirect.origin : redirect.protocol;
}
