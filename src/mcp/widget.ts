import { anyone } from "./access.ts";
import type { Resource } from "./resource.ts";

/** A tool's face: one self-contained HTML page that hosts show in a sandbox (MCP Apps, SEP-1865). */
export interface Widget extends Resource {
  /** `ui://widget/<name>.<hash>.html`: hosts cache by URI, so changed content gets a new one (OAI-15). */
  readonly uri: string;
  /** The same page for everyone. */
  read(): { readonly mimeType: string; readonly text: string; readonly _meta: Record<string, unknown> };
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

/**
 * Makes a widget of a built page. The address without a hash and addresses with an older hash answer with the current
 * page, because hosts keep tool descriptors for long.
 *
 * @throws Error when there is no page, which only a program that was not type-checked can bring about.
 */
export function defineWidget(
  { page, title, description }: {
    /** Of the generated file: `widgets["<name>"]` */
    readonly page: WidgetPage;
    readonly title: string;
    /** For the model: what the person sees, so that it is not told again in words (OAI-13). */
    readonly description: string;
  },
): Widget {
  if (!page) {
    throw new Error(
      `Cannot define the widget "${title}": its page was not built. ` +
        "Check its name, which is that of a file widgets/<name>.tsx, and run `deno task build`.",
    );
  }
  const { name, hash, html } = page;
  const uri = `ui://widget/${name}.${hash}.html`;
  const addresses = new RegExp(`^ui://widget/${RegExp.escape(name)}(\\.[0-9a-f]+)?\\.html$`);
  const _meta = {
    // Nothing is loaded from anywhere, so every list of origins is empty (UI-09, UI-10).
    ui: {
      csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] },
      prefersBorder: true,
    },
    "openai/widgetCSP": { connect_domains: [], resource_domains: [] },
    "openai/widgetDescription": description,
    "openai/widgetPrefersBorder": true,
  };
  return {
    uri,
    access: anyone(),
    fixed: true,
    descriptor: { uri, name, title, description, mimeType: WIDGET_MIME_TYPE, _meta },
    matches: (candidate) => addresses.test(candidate),
    read: () => ({ mimeType: WIDGET_MIME_TYPE, text: html, _meta }),
  };
}
