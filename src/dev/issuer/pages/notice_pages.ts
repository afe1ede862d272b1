import { html } from "@hono/hono/html";
import { OAuthError } from "../oauth_error.ts";
import { page } from "./page.ts";
import { redirectTarget } from "./consent_page.ts";

/**
 * Tells the person why sign-in cannot go on. Anything but an {@linkcode OAuthError} is a fault of this server and is
 * thrown on.
 *
 * @param location The client's redirect URI with the error, when the client may learn of it but cannot be trusted
 * with an automatic redirect: the person decides (RFC 9700 §4.11.2).
 */
export function errorPage(error: unknown, location?: string): Promise<Response> {
  if (!(error instanceof OAuthError)) throw error;
  return page({
    title: "Development sign-in cannot go on",
    // 401 would ask the browser for the person's credentials, which are not the problem.
    status: error.status === 401 ? 400 : error.status,
    headers: error.headers,
    body: html`
      <article>
        <h1>Sign-in cannot go on</h1>
        <p class="problem">${error.message}</p>
        ${location === undefined
          ? html`<p class="warning">${error.remedy ?? "Go back to the app and connect again."}</p>`
          : returnLink(new URL(location))}
        <p class="warning">Error code: <code>${error.code}</code></p>
      </article>
    `,
  });
}

function returnLink(location: URL) {
  return html`
    <p class="warning">
      The app's request is not valid. Nobody has allowed this app to connect yet, so you are not sent back to it
      automatically: go there only if you trust the address.
    </p>
    <a class="link" href="${location.href}">Return to ${redirectTarget(location)}</a>
  `;
}

/** What a person sees who opens the printed address instead of starting from an app. */
export function startPage(resource: string, status: number): Promise<Response> {
  return page({
    title: "Development sign-in",
    status,
    body: html`
      <article>
        <h1>Sign-in starts in an app</h1>
        <p>
          Apps send you to this page when they need to know who you are. There is nothing to do here until then.
        </p>
        <p class="warning">Add this MCP server to an app and connect:<br><code>${resource}</code></p>
        <a class="link" href="${resource}">How to connect an app</a>
      </article>
    `,
  });
}
