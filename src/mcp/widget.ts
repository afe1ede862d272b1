import { widgets } from "../app/widgets.gen.ts";
import { anyone } from "./access.ts";
import type { Resource } from "./resource.ts";

/** A tool's face: one self-contained HTML page that hosts show in a sandbox (MCP Apps, SEP-1865). */
export interface Widget extends Resource {
  /** `ui://widget/<name>.<hash>.html`: hosts cache by URI, so changed content gets a new one (OAI-15). */
  readonly uri: string;
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

/**
 * Makes the widget built from `widgets/<name>.tsx`. The address without a hash and addresses with an older hash
 * answer with the current page, because hosts keep tool descriptors for long.
 *
 * @throws Error at start when no such file was built.
 */
export function defineWidget(
  { name, title, description }: {
    readonly name: string;
    readonly title: string;
    /** For the model: what the person sees, so that it is not told again in words (OAI-13). */
    readonly description: string;
  },
): Widget {
  const built = widgets[name];
  if (!built) {
    throw new Error(`Cannot find the widget "${name}": add widgets/${name}.tsx and run \`deno task build\`.`);
  }
  const uri = `ui://widget/${name}.${built.hash}.html`;
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
    descriptor: { uri, name, title, description, mimeType: WIDGET_MIME_TYPE, _meta },
    matches: (candidate) => addresses.test(candidate),
    read: () => ({ mimeType: WIDGET_MIME_TYPE, text: built.html, _meta }),
  };
}
