import { html, raw } from "@hono/hono/html";
import { opaqueToken } from "../opaque_token.ts";
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
  /** The page's only script. */
  readonly script?: string;
}

/**
 * A page that nothing can be added to: no script but its own, no frame around it, nothing loaded, nothing cached or
 * passed on by the browser (ASA-10).
 */
export async function page(
  { title, body, status = 200, formAction = ["'none'"], headers, script }: PageOptions,
): Promise<Response> {
  const nonce = opaqueToken();
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(script === undefined ? [] : [`script-src 'nonce-${nonce}'`]),
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
          <p class="notice">
            <strong>Development sign-in</strong> There are no real accounts behind it: never use it in production.
          </p>
          ${body}
        </main>
        ${script === undefined ? "" : html`<script nonce="${nonce}">${raw(script)}</script>`}
      </body>
    </html>
  `;
  return new Response(document, {
    status,
    headers: { ...pageHeaders(policy), ...headers },
  });
}

/** The look of every page: one column from 320 px up, light and dark, visible focus, no movement. */
const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f3f1ec, #15161a);
  --card: light-dark(#ffffff, #1f2127);
  --ink: light-dark(#1c1d21, #f1f0ec);
  --quiet: light-dark(#5b5d66, #a9abb5);
  --line: light-dark(#dedbd3, #383b44);
  --accent: light-dark(#b3341d, #ff9a7a);
  --on-accent: light-dark(#ffffff, #2a0f07);
  --notice: light-dark(#fdf0cf, #3a3013);
  --on-notice: light-dark(#5c4300, #f5dc94);
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
}
main {
  width: 100%; max-width: 27rem; overflow: hidden;
  background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
  box-shadow: 0 1rem 3rem light-dark(#2a211414, #00000066);
}
form, article { padding: 1.5rem; display: grid; gap: 1.25rem; }
.notice { margin: 0; padding: .625rem 1.5rem; font-size: .8125rem; background: var(--notice); color: var(--on-notice); }
.notice strong { display: block; }
h1 { margin: 0; font-size: 1.375rem; line-height: 1.25; overflow-wrap: anywhere; text-wrap: balance; }
p, ul, dl, dd { margin: 0; }
dl { display: grid; gap: .25rem; font-size: .875rem; }
dl div { display: flex; flex-wrap: wrap; gap: 0 .5rem; }
dt { color: var(--quiet); }
dd { font-weight: 600; overflow-wrap: anywhere; min-width: 0; }
h2, legend { margin: 0; padding: 0; font-size: .875rem; font-weight: 600; color: var(--quiet); }
ul { padding: 0; list-style: none; display: grid; gap: .375rem; margin-top: .5rem; }
li { display: flex; gap: .625rem; overflow-wrap: anywhere; }
li::before { content: "✓" / ""; color: var(--accent); font-weight: 700; }
fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
.people { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.25rem, 1fr)); gap: .5rem; margin-top: .5rem; }
.people label {
  display: flex; align-items: center; gap: .625rem; min-height: 3rem; padding: .5rem .75rem; cursor: pointer;
  border: 1px solid var(--line); border-radius: .625rem;
}
.people label:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
input[type="radio"] { flex: none; margin: 0; width: 1.125rem; height: 1.125rem; accent-color: var(--accent); }
.field { display: grid; gap: .375rem; font-size: .875rem; font-weight: 600; }
.name { margin-top: .75rem; }
fieldset:not(:has([value="other"]:checked)) .name { display: none; }
.field input {
  width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; font-weight: 400; font-size: 1rem;
  color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: .625rem;
}
.field input[aria-invalid="true"] { border: 2px solid var(--accent); }
.problem { padding: .75rem 1rem; border-radius: .625rem; font-weight: 600; color: var(--accent); border: 1px solid; }
.warning { font-size: .875rem; color: var(--quiet); }
.link {
  display: flex; align-items: center; justify-content: center; min-height: 3rem; padding: .5rem 1rem;
  border: 1px solid var(--quiet); border-radius: .625rem; font-weight: 600; color: inherit;
  overflow-wrap: anywhere; text-align: center;
}
code { font-size: .875em; overflow-wrap: anywhere; }
.buttons { display: grid; grid-template-columns: 2fr 1fr; gap: .5rem; }
button {
  min-height: 3rem; padding: .5rem 1rem; font: inherit; font-weight: 600; cursor: pointer;
  border: 1px solid var(--quiet); border-radius: .625rem; color: inherit; background: transparent;
}
button[value="allow"] { color: var(--on-accent); background: var(--accent); border-color: var(--accent); }
:focus-visible, .people label:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
.people :focus-visible { outline: none; }
@media (forced-colors: active) {
  .people label:has(:checked), button[value="allow"] {
    forced-color-adjust: none;
    background: Highlight;
    border-color: Highlight;
    color: HighlightText;
  }
  .people label:has(:checked) { box-shadow: none; }
  .people input { forced-color-adjust: auto; accent-color: auto; }
  .field input[aria-invalid="true"] { border-style: dashed; }
  :focus-visible, .people label:has(:focus-visible) { outline-color: CanvasText; }
}
`;
