import { DOMAIN } from "../net/domain.ts";
import { isLoopback } from "../net/loopback.ts";
import { anyone } from "./access.ts";
import type { Resource } from "./resource.ts";

/** A tool's face: one self-contained HTML page that hosts show in a sandbox (MCP Apps, SEP-1865). */
export interface Widget extends Resource {
  /** `ui://widget/<name>.<hash>.html`: hosts cache by URI, so changed content gets a new one (OAI-15). */
  readonly uri: string;
  /** The same page for everyone. */
  read(): { readonly mimeType: string; readonly text: string; readonly _meta: Record<string, unknown> };
  /**
   * The widget as this server offers it; `domain` is for widgets that have none of their own.
   *
   * @throws Error for an origin of this machine outside of development, where it would be everybody's own machine.
   */
  offeredBy(server: { readonly domain: string | undefined; readonly development: boolean }): Widget;
}

/** How much room a host gives a widget: in the conversation, all of it, or a small window that stays on top. */
export type DisplayMode = "inline" | "fullscreen" | "pip";

/** What a widget is, in one declaration. */
export interface WidgetDefinition {
  /** Of the generated file: `widgets["<name>"]` */
  readonly page: WidgetPage;
  readonly title: string;
  /** For the model: what the person sees, so that it is not told again in words (OAI-13). */
  readonly description: string;
  /**
   * Origins that the page uses besides itself, such as `https://api.example.com`, `https://*.example.com` or, in
   * development, `http://localhost:3000`; hosts block all others (UI-09).
   */
  readonly csp?: {
    /** For `fetch` and web sockets */
    readonly connect?: readonly string[];
    /** For scripts, styles, pictures, fonts and media */
    readonly resource?: readonly string[];
    /** For frames inside the page */
    readonly frame?: readonly string[];
    /** For `useOpenLink`, which ChatGPT opens without a warning (OAI-11) */
    readonly redirect?: readonly string[];
  };
  /** Where hosts show it, in the form that they ask for (UI-12); one for all widgets is `WIDGET_DOMAIN`. */
  readonly domain?: string;
  /** What it asks the browser for. A host may say no, so the page has to do without as well (VIEW-12). */
  readonly permissions?: readonly ("camera" | "microphone" | "geolocation" | "clipboardWrite")[];
  /** Where it can be shown: `["inline"]` when left out (VIEW-03). */
  readonly displayModes?: readonly DisplayMode[];
}

/** How MCP Apps hosts recognise a widget (UI-02, OAI-14). */
export const WIDGET_MIME_TYPE = "text/html;profile=mcp-app";

/** What `resources/templates/list` says about widgets. */
export const WIDGET_TEMPLATE = {
  uriTemplate: "ui://widget/{name}.html",
  name: "widget",
  title: "Widgets",
  description: "The HTML page that shows the result of a tool.",
  mimeType: WIDGET_MIME_TYPE,
};

/** A page as `deno task build` generates it. */
export interface WidgetPage {
  /** Of its source file, `widgets/<name>.tsx` */
  readonly name: string;
  /** Hex digits that change with the page */
  readonly hash: string;
  readonly html: string;
}

/** Scheme and host, perhaps a port: whatever else a policy holds would end one directive and begin another. */
const ORIGIN = /^(?:https?|wss?):\/\/(?:\*\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::\d{1,5})?$/;

/**
 * Makes a widget of a built page. The address without a hash and addresses with an older hash answer with the current
 * page, because hosts keep tool descriptors for long.
 *
 * @throws Error for an origin or a domain that hosts would not take, and when there is no page, which only a program
 * that was not type-checked can bring about.
 */
export function defineWidget(definition: WidgetDefinition): Widget {
  const { page, title, description, csp = {}, domain, permissions, displayModes } = definition;
  const cannot = (reason: string) => new Error(`Cannot define the widget "${title}": ${reason}`);
  if (!page) {
    throw cannot(
      "its page was not built. " +
        "Check its name, which is that of a file widgets/<name>.tsx, and run `deno task build`.",
    );
  }
  const { connect = [], resource = [], frame = [], redirect = [] } = csp;
  const origins = [...connect, ...resource, ...frame, ...redirect];
  const unfit = origins.find((origin) =>
    !ORIGIN.test(origin) || (!/^(https|wss):/.test(origin) && !isLocal(origin))
  );
  if (unfit !== undefined) {
    throw cannot(`"${unfit}" is not an https origin. Write scheme and host only: https://api.example.com`);
  }
  if (domain !== undefined && !DOMAIN.test(domain)) {
    throw cannot(`"${domain}" is not a domain. Write an https origin, or the name that the host gave you.`);
  }
  const { name, hash } = page;
  // The page tells its host, which would not change the mode otherwise.
  const text = displayModes
    ? page.html.replace("<html", `<html data-display-modes="${displayModes.join(" ")}"`)
    : page.html;
  const uri = `ui://widget/${name}.${hash}.html`;
  const addresses = new RegExp(`^ui://widget/${RegExp.escape(name)}(\\.[0-9a-f]+)?\\.html$`);
  const _meta = {
    ui: {
      csp: { connectDomains: connect, resourceDomains: resource, frameDomains: frame, baseUriDomains: [] },
      prefersBorder: true,
      ...(domain && { domain }),
      ...(permissions && { permissions: Object.fromEntries(permissions.map((name) => [name, {}])) }),
    },
    "openai/widgetCSP": {
      connect_domains: connect,
      resource_domains: resource,
      ...(csp.frame && { frame_domains: frame }),
      ...(csp.redirect && { redirect_domains: redirect }),
    },
    "openai/widgetDescription": description,
    "openai/widgetPrefersBorder": true,
    ...(domain && { "openai/widgetDomain": domain }),
    ...(displayModes && { "openai/ui": { availableDisplayModes: displayModes } }),
  };
  return {
    uri,
    access: anyone(),
    fixed: true,
    descriptor: { uri, name, title, description, mimeType: WIDGET_MIME_TYPE, _meta },
    matches: (candidate) => addresses.test(candidate),
    read: () => ({ mimeType: WIDGET_MIME_TYPE, text, _meta }),
    offeredBy(server) {
      const local = server.development ? undefined : origins.find(isLocal);
      if (local) throw cannot(`"${local}" is this machine, which works in development only.`);
      return server.domain && !domain ? defineWidget({ ...definition, domain: server.domain }) : this;
    },
  };
}

/** Whether an origin is on the machine that the browser runs on. */
function isLocal(origin: string): boolean {
  return isLoopback(ORIGIN.exec(origin)?.[1] ?? "");
}
