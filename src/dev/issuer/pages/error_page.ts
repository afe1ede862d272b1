import { html } from "@hono/hono/html";
import { OAuthError } from "../oauth_error.ts";
import { page } from "./page.ts";

/**
 * Tells the person why sign-in cannot go on, when the client must not be told (AS-14). Anything but an
 * {@linkcode OAuthError} is a fault of ours and is thrown on.
 */
export function errorPage(cause: unknown): Promise<Response> {
  if (!(cause instanceof OAuthError)) throw cause;
  return page({
    title: "Development sign-in cannot go on",
    // 401 would ask the browser for credentials of the person, who has nothing to do with it.
    status: cause.status === 401 ? 400 : cause.status,
    headers: cause.headers,
    body: html`
      <article>
        <h1>Sign-in cannot go on</h1>
        <p class="problem">${cause.message}</p>
        <p class="warning">Go back to the app and connect again. Its error code is <code>${cause
          .code}</code>.</p>
      </article>
    `,
  });
}
