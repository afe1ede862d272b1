/** The names of one protected resource; every URL that the server publishes about itself comes from here (AUTH-30). */
export interface ProtectedResource {
  /** The resource identifier, byte for byte as configured (RFC 8707, PRM-05). */
  readonly identifier: string;
  /** Path of the MCP endpoint on this server, decoded as routers match it. */
  readonly path: string;
  /** Absolute URL of the metadata, the well-known part inserted before the path (RFC 9728 section 3.1, PRM-03). */
  readonly metadataUrl: string;
  /** Paths that answer with the metadata, decoded too: the inserted one, and the root as a fallback (PRM-04). */
  readonly metadataPaths: readonly string[];
}

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** @param identifier An absolute URL without query and fragment, as a URL parser spells it. */
export function protectedResource(identifier: string): ProtectedResource {
  const { origin, pathname } = new URL(identifier);
  const inserted = pathname === "/" ? WELL_KNOWN : WELL_KNOWN + pathname;
  return {
    identifier,
    path: decoded(pathname),
    metadataUrl: origin + inserted,
    metadataPaths: [...new Set([decoded(inserted), WELL_KNOWN])],
  };
}

/** Like Hono, which leaves an encoded percent sign as it is. */
function decoded(path: string): string {
  return decodeURI(path.replaceAll("%25", "%2525"));
}

/** The document of RFC 9728 section 2; members without a value are left out (PRM-07). */
export function protectedResourceMetadata(
  options: {
    readonly resource: ProtectedResource;
    /** Issuers in order of preference, each byte for byte as it states itself (PRM-02, PRM-12). */
    readonly issuers: readonly string[];
    readonly scopes: readonly string[];
    readonly name: string;
    /** Pages for people (PRM-10). */
    readonly pages?: { readonly privacy?: string; readonly terms?: string; readonly support?: string };
  },
): Record<string, unknown> {
  const { privacy, terms, support } = options.pages ?? {};
  return {
    resource: options.resource.identifier,
    authorization_servers: options.issuers,
    ...(options.scopes.length > 0 && { scopes_supported: options.scopes }),
    bearer_methods_supported: ["header"],
    resource_name: options.name,
    ...(support !== undefined && { resource_documentation: support }),
    ...(privacy !== undefined && { resource_policy_uri: privacy }),
    ...(terms !== undefined && { resource_tos_uri: terms }),
  };
}
