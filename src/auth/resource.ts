const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** What the resource says about itself. */
export interface ProtectedResourceOptions {
  /** The resource identifier, byte for byte as configured: an absolute URL as a URL parser spells it (RFC 8707, PRM-05). */
  readonly resource: string;
  /** Issuers in order of preference, each byte for byte as it states itself (PRM-02, PRM-12). */
  readonly issuers: readonly string[];
  readonly scopes: readonly string[];
  readonly name: string;
  /** Pages for people (PRM-10). */
  readonly pages: { readonly privacy?: string; readonly terms?: string; readonly support?: string };
}

/** The names of one protected resource; every URL that the server publishes about itself comes from here (AUTH-30). */
export function protectedResource({ resource, issuers, scopes, name, pages }: ProtectedResourceOptions) {
  const { origin, pathname } = new URL(resource);
  const inserted = pathname === "/" ? WELL_KNOWN : WELL_KNOWN + pathname;
  return {
    /** Path of the MCP endpoint on this server, decoded as routers match it. */
    path: decoded(pathname),
    /** Absolute URL of the metadata, the well-known part inserted before the path (RFC 9728 section 3.1, PRM-03). */
    metadataUrl: origin + inserted,
    /** Paths that answer with the metadata, decoded too: the inserted one, and the root as a fallback (PRM-04). */
    metadataPaths: [...new Set([decoded(inserted), WELL_KNOWN])],
    /** The document of RFC 9728 section 2; JSON leaves out members without a value (PRM-07). */
    metadata: {
      resource,
      authorization_servers: issuers,
      scopes_supported: scopes.length > 0 ? scopes : undefined,
      bearer_methods_supported: ["header"],
      resource_name: name,
      resource_documentation: pages.support,
      resource_policy_uri: pages.privacy,
      resource_tos_uri: pages.terms,
    },
  };
}

/** Like Hono, which leaves an encoded percent sign as it is. */
function decoded(path: string): string {
  return decodeURI(path.replaceAll("%25", "%2525"));
}
