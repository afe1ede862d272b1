import { type Check, type Finding, ok, problem, warning } from "../check.ts";
import { counted, isObject, type JsonObject, objectOf, quote, stringsOf } from "../json.ts";
import { type Visit, widgetOf, type WidgetRead } from "../visit.ts";

/** The media type of MCP Apps. */
const MIME_TYPE = "text/html;profile=mcp-app";
/** Hosts keep every widget of a conversation in memory. */
const LARGE_BYTES = 1024 * 1024;

/** One finding for all widgets that have a page. */
function each(
  widgets: readonly WidgetRead[],
  fault: (content: JsonObject, widget: WidgetRead) => string | undefined,
  make: (seen: string) => Finding,
): Finding {
  const faults = widgets.flatMap((widget) => {
    const text = widget.answer.result ? fault(widget.content, widget) : undefined;
    return text === undefined ? [] : [`${widget.uri}: ${text}`];
  });
  return faults.length === 0 ? ok(counted(widgets.length, "widget")) : make(faults.join("; "));
}

/** The HTML of a content item, in clear or in Base64. */
export function htmlOf(content: JsonObject): string {
  if (typeof content["text"] === "string") return content["text"];
  if (typeof content["blob"] !== "string") return "";
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(content["blob"]));
  } catch {
    return "";
  }
}

/** The lists of a content item's policy, by the names of MCP Apps; undefined when it has none. */
export function policyOf(content: JsonObject): Record<string, readonly string[]> | undefined {
  const csp = objectOf(objectOf(content["_meta"])["ui"])["csp"];
  if (!isObject(csp)) return undefined;
  return Object.fromEntries(
    ["connectDomains", "resourceDomains", "frameDomains", "baseUriDomains"].map((name) => [
      name,
      stringsOf(csp[name]),
    ]),
  );
}

/** Pages that tools show. */
export const widgets: readonly Check<Visit>[] = [
  {
    id: "widgets.read",
    title: "Pages of widgets",
    expected: "readable without a token at the ui:// address that the tool names",
    requirements: ["UI-01", "UI-04", "MIX-01"],
    async run({ widgets }) {
      const all = await widgets();
      const faults = all.flatMap(({ uri, answer: { status, result }, content }) => {
        if (!uri.startsWith("ui://")) return [`${uri}: not ui://`];
        return result && htmlOf(content) !== "" ? [] : [`${uri}: ${status}${result ? ", empty" : ""}`];
      });
      return faults.length === 0
        ? ok(all.map(({ uri }) => uri).join(", "))
        : problem(faults.join("; "), "Serve the page by resources/read, without sign-in.");
    },
  },
  {
    id: "widgets.mime",
    title: "Media type of widgets",
    expected: MIME_TYPE,
    requirements: ["UI-02", "OAI-14"],
    async run({ widgets }) {
      return each(
        await widgets(),
        ({ mimeType }) => mimeType === MIME_TYPE ? undefined : quote(mimeType),
        (seen) => problem(seen, `Write ${MIME_TYPE}: hosts do not show anything else.`),
      );
    },
  },
  {
    id: "widgets.link",
    title: "Links from tools to widgets",
    expected: "_meta.ui.resourceUri, and openai/outputTemplate with the same address",
    requirements: ["UI-05", "OAI-08"],
    async run({ tools, widgets }) {
      await widgets();
      const faults = (await tools()).flatMap((tool) => {
        if (widgetOf(tool) === undefined) return [];
        const meta = objectOf(tool["_meta"]);
        const { resourceUri } = objectOf(meta["ui"]);
        const template = meta["openai/outputTemplate"];
        if (resourceUri === undefined) return [`${String(tool["name"])}: no _meta.ui.resourceUri`];
        return template === undefined || template === resourceUri
          ? []
          : [`${String(tool["name"])}: two addresses`];
      });
      return faults.length === 0
        ? ok("alike")
        : warning(faults.join("; "), "Name one address in both: MCP Apps hosts read the first.");
    },
  },
  {
    id: "widgets.html",
    title: "HTML of widgets",
    expected: "a whole document, with a doctype",
    requirements: ["UI-03"],
    async run({ widgets }) {
      return each(
        await widgets(),
        (content) => /^\s*(<!--.*?-->\s*)*<!doctype html/is.test(htmlOf(content)) ? undefined : "no doctype",
        (seen) => warning(seen, "Begin with <!doctype html>: the page is laid out by old rules without."),
      );
    },
  },
  {
    id: "widgets.csp",
    title: "Content security policy of widgets",
    expected: "declared on the content, and every address that the page loads is in it",
    requirements: ["UI-09", "UI-10", "OAI-11"],
    async run({ widgets }) {
      const all = await widgets();
      const undeclared = each(all, (content) => {
        const policy = policyOf(content);
        const allowed = Object.values(policy ?? {}).flat();
        const missing = loadedOrigins(htmlOf(content)).filter((origin) => !covers(allowed, origin));
        return missing.length > 0 ? `loads ${missing.join(", ")}` : undefined;
      }, (seen) => problem(seen, "Name these in _meta.ui.csp, or bring everything inside the page."));
      const absent = each(
        all,
        (content) => policyOf(content) ? undefined : "no _meta.ui.csp",
        (seen) => warning(seen, "Declare it, with empty lists if the page loads nothing."),
      );
      return [undeclared, absent].filter(({ verdict }) => verdict !== "ok").concat(
        undeclared.verdict === "ok" && absent.verdict === "ok" ? [undeclared] : [],
      );
    },
  },
  {
    id: "widgets.csp-alias",
    title: "The policy in OpenAI's older words",
    expected: "openai/widgetCSP with the same lists, where there is one",
    requirements: ["OAI-11"],
    async run({ widgets }) {
      return each(await widgets(), (content) => {
        const alias = objectOf(content["_meta"])["openai/widgetCSP"];
        const policy = policyOf(content);
        if (!isObject(alias) || !policy) return undefined;
        const same = (older: string, newer: string) =>
          JSON.stringify(stringsOf(alias[older]).sort()) === JSON.stringify([...policy[newer] ?? []].sort());
        return same("connect_domains", "connectDomains") && same("resource_domains", "resourceDomains")
          ? undefined
          : "they differ";
      }, (seen) => warning(seen, "Generate both from one list."));
    },
  },
  {
    id: "widgets.size",
    title: "Size of widgets",
    expected: `less than ${LARGE_BYTES / 1024} KiB`,
    requirements: ["UI-10"],
    async run({ widgets }) {
      return each(await widgets(), (content) => {
        const size = new TextEncoder().encode(htmlOf(content)).byteLength;
        return size < LARGE_BYTES ? undefined : `${Math.round(size / 1024)} KiB`;
      }, (seen) => warning(seen, "Bundle less: each is sent and kept for every answer that shows it."));
    },
  },
  {
    id: "widgets.domain",
    title: "Domain of widgets",
    expected: "left out, or an https origin of its own",
    requirements: ["OAI-12", "UI-12"],
    async run({ widgets }) {
      return each(await widgets(), (content) => {
        const domain = domainOf(content);
        if (domain === undefined) return undefined;
        return typeof domain === "string" && URL.canParse(domain) && new URL(domain).origin === domain &&
            domain.startsWith("https://")
          ? undefined
          : quote(domain);
      }, (seen) => warning(seen, "OpenAI wants an https origin; other hosts have other forms."));
    },
  },
];

/** The origin that a widget asks to be shown at. */
export function domainOf(content: JsonObject): unknown {
  const meta = objectOf(content["_meta"]);
  return objectOf(meta["ui"])["domain"] ?? meta["openai/widgetDomain"];
}

/** Origins of scripts, styles, images and frames in the markup; what scripts load later cannot be seen. */
function loadedOrigins(html: string): string[] {
  // Texts of scripts hold addresses that nothing loads.
  const markup = html.replaceAll(/(<script\b[^>]*>).*?<\/script>/gis, "$1");
  const loads = /<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\ssrc=["']?(https?:\/\/[^"'\s>]+)/gi;
  const links = /<link\b[^>]*?\shref=["']?(https?:\/\/[^"'\s>]+)/gi;
  const found = [loads, links].flatMap((pattern) => [...markup.matchAll(pattern)].map(([, url = ""]) => url));
  return [...new Set(found.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin))];
}

function covers(allowed: readonly string[], origin: string): boolean {
  return allowed.some((entry) => {
    const { host, protocol } = new URL(origin);
    const [, scheme, name = ""] = /^(?:(https?:)\/\/)?([^/]*)/.exec(entry) ?? [];
    if (scheme !== undefined && scheme !== protocol) return false;
    return name === host || (name.startsWith("*.") && host.endsWith(name.slice(1)));
  });
}
