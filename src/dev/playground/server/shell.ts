import { html, raw } from "@hono/hono/html";
import { pageHeaders } from "../../issuer/pages/page_headers.ts";

const NEUTRAL_ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
  '<rect width="32" height="32" rx="8" fill="#4b5563"/>' +
  '<path d="M8 9h16v11H15l-4 4v-4H8z" fill="#fff"/></svg>';

/** An SVG document as a URL. */
export function iconUrl(svg = NEUTRAL_ICON): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** What the page is told by the server. */
export interface PlaygroundConfig {
  readonly title: string;
  readonly resource: string;
  readonly prompts: readonly string[];
  /** URL of the app's icon. */
  readonly icon: string;
  /** Where widgets are shown. */
  readonly sandbox: string;
  /** Whether the sandbox has an origin of its own. */
  readonly separateSandbox: boolean;
  /** Whether the authorization server is switched off. */
  readonly outage: boolean;
  readonly build: Build;
}

/** What an open page compares to notice that the server was started again. */
export interface Build {
  /** Differs after each start. */
  readonly start: string;
  /** Differs after each change of the page itself. */
  readonly page: string;
}

/** The page that acts as the host: empty, its script and style are files of this origin. */
export async function shellResponse(config: PlaygroundConfig): Promise<Response> {
  const document = await html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Playground: ${config.title}</title>
        <link rel="icon" href="${config.icon}">
        <link rel="stylesheet" href="/playground/app.css">
        <script type="application/json" id="config">
        ${raw(inert(config))}
        </script>
        <script type="module" src="/playground/app.js"></script>
      </head>
      <body>
        <div id="root"></div>
        <noscript>The playground needs JavaScript.</noscript>
      </body>
    </html>
  `;
  return page(document, [
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src data:",
    `frame-src ${config.separateSandbox ? new URL(config.sandbox).origin : "'self'"}`,
  ]);
}

/** In the place of the page where it was never built. */
export async function notBuiltResponse(): Promise<Response> {
  const document = await html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Playground</title>
      </head>
      <body>
        <h1>The playground is not built</h1>
        <p>Run <code>deno task build</code>, then start the server again.</p>
      </body>
    </html>
  `;
  return page(document, [], 503);
}

const CALLBACK = `new BroadcastChannel("playground-sign-in").postMessage(location.search);
history.replaceState(null, "", location.pathname);`;

/** The redirect URI: passes the authorization response to the page that waits for it, which closes this window. */
export async function callbackResponse(): Promise<Response> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(CALLBACK));
  const document = await html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <title>Signed in</title>
      </head>
      <body>
        <p>You can close this window.</p>
        <script>${raw(CALLBACK)}</script>
      </body>
    </html>
  `;
  return page(document, [`script-src 'sha256-${new Uint8Array(digest).toBase64()}'`]);
}

function page(document: string, sources: readonly string[], status = 200): Response {
  const policy = [
    ...["default-src 'none'", ...sources],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ];
  return new Response(document.trimStart(), { status, headers: pageHeaders(policy) });
}

/** JSON in which no text can end the script element around it. */
function inert(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
