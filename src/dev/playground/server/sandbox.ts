import { type WidgetCsp, widgetPolicy } from "./widget_policy.ts";

/** Where widgets run, apart from the page that shows them. */
export interface Sandbox {
  /** Without query; the policy of the widget is asked for by `?csp=`. */
  readonly url: string;
  /** Another origin than the page's; otherwise the sandbox gets an opaque one. */
  readonly separate: boolean;
}

/** The other name of this machine: browsers take it for another site, and the same server answers. */
const OTHER_NAME: Readonly<Record<string, string>> = { localhost: "127.0.0.1", "127.0.0.1": "localhost" };

/** Finds an origin for the sandbox of a page; a page by a name that has no twin gets an opaque one. */
export function sandboxFor(page: string): Sandbox {
  const url = new URL("/playground/sandbox", page);
  const other = OTHER_NAME[url.hostname];
  if (other !== undefined) url.hostname = other;
  return { url: url.href, separate: other !== undefined };
}

/**
 * MCP Apps' sandbox proxy: a page that puts the widget into an inner frame and passes messages between it and the
 * host. The inner frame is a `srcdoc` document, which inherits the policy of this response, so the browser enforces it.
 *
 * @param page Origin of the page; no other may show the sandbox, send to it or hear from it.
 */
export function sandboxResponse(page: string, { separate }: Sandbox, csp: WidgetCsp): Response {
  const flags = separate ? "allow-scripts allow-same-origin" : "allow-scripts";
  const ancestors = separate ? page : "'self'";
  return new Response(document(page, flags), {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `${widgetPolicy(csp)}; frame-ancestors ${ancestors}; sandbox ${flags}`,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
  });
}

function document(page: string, flags: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Widget sandbox</title>
<style>html, body, iframe { display: block; width: 100%; height: 100%; margin: 0; border: 0 }</style>
</head>
<body>
<script>
const page = ${JSON.stringify(page)};
const reserved = (data) => String(data?.method).startsWith("ui/notifications/sandbox-");
let view;
addEventListener("message", ({ source, origin, data }) => {
  if (source === parent && origin === page) {
    if (data?.method === "ui/notifications/sandbox-resource-ready") show(data.params.html);
    else view?.contentWindow.postMessage(data, "*");
  } else if (view && source === view.contentWindow && !reserved(data)) {
    parent.postMessage(data, page);
  }
});
function show(html) {
  view = Object.assign(document.createElement("iframe"), { title: "Widget", sandbox: ${
    JSON.stringify(flags)
  }, srcdoc: html });
  document.body.replaceChildren(view);
}
parent.postMessage({ jsonrpc: "2.0", method: "ui/notifications/sandbox-proxy-ready", params: {} }, page);
</script>
</body>
</html>
`;
}
