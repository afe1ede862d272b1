/**
 * Packages that only a process of its own uses, outside deno.lock: every `deno task` fetches whatever that names,
 * and nobody who starts the server should wait for a database and the tools of the tests.
 */
export const UNLOCKED = {
  conformance: "npm:@modelcontextprotocol/conformance@0.2.0-alpha.12",
  inspector: "npm:@modelcontextprotocol/inspector@2.12.0",
  betterAuth: "npm:better-auth@1.7.5",
  betterAuthMcp: "npm:@better-auth/mcp@1.7.5",
  pglite: "npm:@electric-sql/pglite@0.5.14",
  pgliteSocket: "npm:@electric-sql/pglite-socket@0.2.17",
  lazyAuth: "npm:@modelcontextprotocol/server-lazy-auth@2.0.3",
  mcpHandler: "npm:mcp-handler@2.4.0",
  honoMcp: "npm:@hono/mcp@0.3.2",
  fastmcp: "npm:fastmcp@4.20.16",
  skybridge: "npm:skybridge@2.0.0",
  workerd: "npm:workerd@1.20260730.1",
  mcpUse: "npm:mcp-use@2.5.2",
} as const;

/** Flags for `deno run` and `deno eval` of such a package. */
export const UNLOCKED_FLAGS = ["--no-config", "--no-lock"] as const;
