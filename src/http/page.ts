import { html } from "@hono/hono/html";

/** What the page about the server shows. */
export interface PageContent {
  /** What a client may call the server. */
  readonly name: string;
  readonly title: string;
  readonly instructions: string;
  readonly endpoint: string;
  readonly tools: readonly { readonly title: string; readonly name: string; readonly access: string }[];
  /** A page to try it on, in development. */
  readonly playground: string | undefined;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1917; --soft: #57534e; --line: #e7e5e4; --paper: #fff; --accent: #c2410c }
@media (prefers-color-scheme: dark) { :root { --ink: #fafaf9; --soft: #a8a29e; --line: #3b3735; --paper: #1c1917; --accent: #fb923c } }
* { box-sizing: border-box } body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif }
main { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem } h1 { margin: 0 0 .5rem; line-height: 1.2 } h2 { margin: 2rem 0 .5rem; font-size: 1.1rem }
p { color: var(--soft); margin: .25rem 0 } ul { list-style: none; margin: 0; padding: 0 } li { border-top: 1px solid var(--line); padding: .75rem 0 }
code, pre { font: .9rem/1.5 ui-monospace, monospace } pre { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem } a { color: var(--accent) }
`;

/** Its only content is the style above, so the policy names that and nothing else. */
export const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  "x-frame-options": "DENY",
};

/** The page that a person sees who opens the endpoint in a browser. */
export function renderPage({ name, title, instructions, endpoint, tools, playground }: PageContent): string {
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        <style>${STYLE}</style>
      </head>
      <body>
        <main>
    <h1>${title}</h1>
    <p>${instructions}</p>
    ${playground ? html`<p><a href="${playground}">Open the playground</a></p>` : ""}
    <h2>Tools</h2>
    <ul>${tools.map((tool) =>
      html`<li><strong>${tool.title}</strong> <code>${tool.name}</code><p>${tool.access}</p></li>`
    )}</ul>
    <h2>Connect</h2>
    <p>This is a Model Context Protocol server. Give your MCP client this address:</p>
    <pre tabindex="0">${endpoint}</pre>
    <p>ChatGPT: Settings → Plugins → add your own. Claude: Settings → Connectors → Add custom connector. Claude Code:</p>
    <pre tabindex="0">claude mcp add --transport http ${name} ${endpoint}</pre>
        </main>
      </body>
    </html>
  `.toString();
}
