import { html, raw } from "@hono/hono/html";
import { isLoopback } from "../net/loopback.ts";
import { commandClients } from "./clients.ts";
import type { HttpError } from "./errors.ts";

/** What the page about the server shows. */
export interface PageContent {
  /** What a client may call the server. */
  readonly name: string;
  readonly title: string;
  readonly instructions: string;
  readonly endpoint: string;
  readonly tools: readonly {
    readonly title: string;
    readonly name: string;
    /** Who may use it, in words. */
    readonly access: string;
    /** What the scopes that it asks for allow. */
    readonly scopes: Readonly<Record<string, string>>;
  }[];
  /** A page to try it on, in development. */
  readonly playground: string | undefined;
}

type Html = ReturnType<typeof html>;

const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1c1917; --soft: #57534e; --line: #e7e5e4; --paper: #fff; --accent: #c2410c;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #fafaf9; --soft: #a8a29e; --line: #3b3735; --paper: #1c1917; --accent: #fb923c }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif }
main { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem; overflow-wrap: break-word }
h1 { margin: 0 0 .5rem; line-height: 1.2 }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem }
h3 { margin: 1rem 0 .25rem; font-size: 1rem }
p { color: var(--soft); margin: .25rem 0 }
ul { list-style: none; margin: 0; padding: 0 }
li { border-top: 1px solid var(--line); padding: .75rem 0 }
code, pre { font: .9rem/1.5 ui-monospace, monospace }
.copyable { display: flex; gap: .5rem; align-items: center }
pre {
  flex: 1; min-width: 0; margin: .25rem 0; overflow-x: auto;
  border: 1px solid var(--line); border-radius: .5rem; padding: .6rem 1rem;
}
button {
  min-width: 5rem; min-height: 2.75rem; border: 1px solid var(--line); border-radius: .5rem;
  background: none; color: inherit; font: inherit; cursor: pointer;
}
button[hidden] { display: none }
a { color: var(--accent) }
`;

/** Without it the page says the same; the buttons stay hidden. */
const SCRIPT = `
for (const button of navigator.clipboard ? document.querySelectorAll("button") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy" }, 2000);
  });
}
`;

/** Makes the pages that browsers are shown instead of JSON; nothing is rendered before somebody asks. */
export function createPages(content: PageContent) {
  let headers: Promise<Record<string, string>> | undefined;

  async function respond(status: number, page: Html, extra: Readonly<Record<string, string>> = {}) {
    return new Response(String(await page), {
      status,
      headers: { ...await (headers ??= pageHeaders()), ...extra },
    });
  }

  return {
    /** What this server is, its tools, and how to connect each client to it. */
    start: (): Promise<Response> => respond(200, startPage(content)),
    /** An error, with the way to the start page. */
    error: (error: HttpError): Promise<Response> =>
      respond(error.status, errorPage(content, error), error.headers),
  };
}

/** The policy names the style and the script above, and nothing else. */
async function pageHeaders(): Promise<Record<string, string>> {
  const [style, script] = await Promise.all([STYLE, SCRIPT].map(async (text) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return `'sha256-${new Uint8Array(digest).toBase64()}'`;
  }));
  const policy = [
    "default-src 'none'",
    `style-src ${style}`,
    `script-src ${script}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy.join("; "),
    "x-frame-options": "DENY",
  };
}

function startPage({ name, title, instructions, endpoint, tools, playground }: PageContent): Html {
  const { hostname, origin } = new URL(endpoint);
  return layout(
    title,
    html`
      <h1>${title}</h1>
      <p>${instructions}</p>
      ${playground ? html`<p><a href="${playground}">Open the playground</a></p>` : ""}
      <h2>Tools</h2>
      <ul>${tools.map((tool) =>
        html`<li><strong>${tool.title}</strong> <code>${tool.name}</code><p>${tool.access}</p>${
          Object.entries(tool.scopes).map(([scope, words]) =>
            html`<p>Asks for <code>${scope}</code>: ${words}.</p>`
          )
        }</li>`
      )}</ul>
      <h2>Connect</h2>
      <p>This is a Model Context Protocol server. Give your MCP client its address:</p>
      ${copyable(endpoint)}
      ${Object.entries(commandClients(name, endpoint)).map(([label, command]) =>
        html`<h3>${label}</h3>${copyable(command)}`
      )}
      ${isLoopback(hostname) ? publicAddress(origin) : chatClients()}
      <script>${raw(SCRIPT)}</script>
    `,
  );
}

function chatClients(): Html {
  return html`
    <h3>ChatGPT</h3>
    <p>Settings → Plugins → add your own, with the address above.</p>
    <h3>Claude</h3>
    <p>Settings → Connectors → Add custom connector, with the address above.</p>
  `;
}

/** Hosts that live on servers of their own cannot reach this machine by a name that every machine has. */
function publicAddress(origin: string): Html {
  return html`
    <h3>ChatGPT and Claude</h3>
    <p>They call from their own servers, so they need a public https address. A tunnel gives you one:</p>
    ${copyable(`cloudflared tunnel --url ${origin}`)}
    <p>Then start the server again by the name that it prints, and open that address here:</p>
    ${copyable("RESOURCE_SERVER_URL=https://<the name it prints>/mcp deno task start")}
  `;
}

function copyable(text: string): Html {
  return html`
    <div
      class="copyable"><pre tabindex="0">${text}</pre><button type="button" aria-live="polite" hidden>Copy</button></div>
  `;
}

function errorPage({ title, endpoint }: PageContent, { status, message }: HttpError): Html {
  const heading = status === 404 ? "There is nothing at this address" : "This cannot be shown";
  return layout(
    `${heading} · ${title}`,
    html`
      <h1>${heading}</h1>
      <p>${message}</p>
      <p><a href="${new URL("/", endpoint).href}">What ${title} is, and how to connect to it</a></p>
    `,
  );
}

function layout(title: string, body: Html): Html {
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        <style>${raw(STYLE)}</style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>
  `;
}
