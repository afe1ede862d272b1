import { html, raw } from "@hono/hono/html";
import { opaqueToken } from "../opaque_token.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { pageHeaders } from "./page_headers.ts";

/** HTML made by Hono's `html` tag, which escapes every value put into it. */
export type Html = ReturnType<typeof html>;

/** One page of the issuer. */
export interface PageOptions {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** Where forms may lead, as sources of Content-Security-Policy: Chromium also checks redirects that follow. */
  readonly formAction?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A page that nothing can be added to: no script, no frame around it, nothing loaded, nothing kept or passed on by the
 * browser (ASA-10).
 */
export async function page(
  { title, body, status = 200, formAction = ["'none'"], headers }: PageOptions,
): Promise<Response> {
  const nonce = opaqueToken();
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `form-action ${formAction.join(" ")}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  const document = await html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title}</title>
        <style nonce="${nonce}">${raw(PAGE_STYLE)}</style>
      </head>
      <body>
        <main>
              <p class="notice"><strong>Development sign-in</strong> There is no account behind it: never use it in production.</p>
              ${body}
            </main>
      </body>
    </html>
  `;
  return new Response(document, {
    status,
    headers: { ...pageHeaders(policy), ...headers },
  });
}
