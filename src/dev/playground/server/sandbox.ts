import { type WidgetCsp, widgetPolicy } from "./widget_policy.ts";

/** Where widgets run, isolated from the page that shows them. */
export interface Sandbox {
  /** Without query; `?csp=` names the origins that the widget declares. */
  readonly url: string;
  /** Whether it has an origin of its own; otherwise it is given an opaque one. */
  readonly separate: boolean;
}

/** The other name of this machine: another site for browsers, but the same server answers. */
const OTHER_NAME: Readonly<Record<string, string>> = { localhost: "127.0.0.1", "127.0.0.1": "localhost" };

/** Finds an origin for the sandbox of a page; an opaque one where the host has no other name. */
export function sandboxFor(page: string): Sandbox {
  const url = new URL("/playground/sandbox", page);
  const other = OTHER_NAME[url.hostname];
  if (other !== undefined) url.hostname = other;
  return { url: url.href, separate: other !== undefined };
}

/**
 * MCP Apps' sandbox proxy: a page that puts the widget into an inner frame and passes messages between it and the
 * host. The inner frame is a `srcdoc` document, which inherits the policy of this response, so the browser enforces it.
 * The inner frame never gets this page's origin: the widget could otherwise script this page, and have it load again
 * with another policy.
 *
 * A script in front of the widget reports what the policy refused and the Escape key, which only its own document is
 * told. The widget could forge these reports: the page takes them as something to show and as a wish to leave fullscreen.
 *
 * @param page Origin of the page; no other may embed the sandbox, send to it or receive from it.
 */
export function sandboxResponse(page: string, { separate }: Sandbox, csp: WidgetCsp): Response {
  const flags = separate ? "allow-scripts allow-same-origin" : "allow-scripts";
  const ancestors = separate ? page : "'self'";
  return new Response(document(page), {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `${widgetPolicy(csp)}; frame-ancestors ${ancestors}; sandbox ${flags}`,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
  });
}

function document(page: string): string {
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
    if (data?.method === "ui/notifications/sandbox-resource-ready") show(data.params);
    else view?.contentWindow.postMessage(data, "*");
  } else if (view && source === view.contentWindow && !reserved(data)) {
    parent.postMessage(data, page);
  }
});
const reporter = "<script>(" + (() => {
  document.currentScript.remove();
  const report = (sandbox) => parent.postMessage({ sandbox }, "*");
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) =>
    report({ effectiveDirective, blockedURI, sourceFile, lineNumber }));
  addEventListener("keydown", (event) =>
    event.key === "Escape" && setTimeout(() => event.defaultPrevented || report("Escape")));
}) + ")()<\\/script>";
// The focus may be on this page instead of the widget: the host's page gives it to this one.
addEventListener("keydown", ({ key }) => key === "Escape" && parent.postMessage({ sandbox: "Escape" }, page));
function show({ html, permissions }) {
  const feature = (permission) => permission.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
  view = Object.assign(document.createElement("iframe"), {
    title: "Widget",
    sandbox: "allow-scripts",
    allow: Object.keys(permissions ?? {}).map(feature).join("; "),
    srcdoc: reporter + html,
  });
  document.body.replaceChildren(view);
}
parent.postMessage({ jsonrpc: "2.0", method: "ui/notifications/sandbox-proxy-ready", params: {} }, page);
</script>
</body>
</html>
`;
}
