import { html, raw } from "@hono/hono/html";
import type { PlaygroundConfig } from "./playground.ts";
import { pageHeaders } from "../../issuer/pages/page_headers.ts";

const ICON = "data:image/svg+xml," + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M3 8q13-8 26 0L16 31z" fill="#e2572b"/>' +
    '<path d="M6 12q10-6 20 0L16 28z" fill="#ffd27a"/><circle cx="14" cy="15" r="2.5" fill="#b8341a"/></svg>',
);

/** The page that plays the host: an empty shell, whose script and style are files of this origin. */
export async function shellResponse(config: PlaygroundConfig): Promise<Response> {
  const document = await html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Playground: ${config.title}</title>
        <link rel="icon" href="${ICON}">
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

const CALLBACK = `new BroadcastChannel("playground-sign-in").postMessage(location.search);
history.replaceState(null, "", location.pathname);`;

/** Where sign-in ends: hands the answer to the page that waits for it, which closes this window. */
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

function page(document: string, sources: readonly string[]): Response {
  const policy = [
    ...["default-src 'none'", ...sources],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ];
  return new Response(document.trimStart(), { headers: pageHeaders(policy) });
}

/** JSON that no text in it can end the element it stands in. */
function inert(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
