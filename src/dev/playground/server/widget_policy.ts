import { z } from "zod";

/**
 * An origin that a widget may name, such as `https://cdn.example.com` or `wss://*.example.com`. Nothing else gets
 * through, so nobody can end a directive and begin another.
 */
const origin = z.string().max(300).regex(
  /^(?:https?|wss?):\/\/(?:\*\.)?[A-Za-z0-9.-]+(?::\d{1,5})?$/,
  "is not an origin",
);
const origins = z.array(origin).max(50).optional();

/** `_meta.ui.csp` of a widget's resource: the origins it asks for (UI-09). */
export const WidgetCsp = z.object({
  connectDomains: origins,
  resourceDomains: origins,
  frameDomains: origins,
  baseUriDomains: origins,
});

/** What {@linkcode WidgetCsp} reads. */
export type WidgetCsp = z.infer<typeof WidgetCsp>;

/**
 * The Content-Security-Policy that a widget runs under: MCP Apps' restrictive default, opened for the origins that its
 * resource names and for no others. `'self'` is left out, because the sandbox's own origin is this server.
 */
export function widgetPolicy(csp: WidgetCsp): string {
  const { connectDomains, resourceDomains = [], frameDomains, baseUriDomains } = csp;
  const allow = (name: string, ...sources: readonly string[]) =>
    `${name} ${sources.length > 0 ? sources.join(" ") : "'none'"}`;
  return [
    "default-src 'none'",
    allow("script-src", "'unsafe-inline'", ...resourceDomains),
    allow("style-src", "'unsafe-inline'", ...resourceDomains),
    allow("img-src", "data:", ...resourceDomains),
    allow("media-src", "data:", ...resourceDomains),
    allow("font-src", ...resourceDomains),
    allow("connect-src", ...connectDomains ?? []),
    allow("frame-src", ...frameDomains ?? []),
    allow("base-uri", ...baseUriDomains ?? []),
    "object-src 'none'",
    "form-action 'none'",
  ].join("; ");
}
