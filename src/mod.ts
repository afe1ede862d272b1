/**
 * The one door for apps: everything that an app's own code imports from the core.
 *
 * @module
 */
export type { Principal } from "./auth/principal.ts";
export type { UpstreamTarget, UpstreamToken } from "./auth/token_exchange.ts";
export { type Access, anyone, mixed, signedIn } from "./mcp/access.ts";
export { type AppDefinition, type AppDeps, defineApp, type OpenApp } from "./mcp/app.ts";
export type { Resource } from "./mcp/resource.ts";
export {
  defineTool,
  type TokenFor,
  type Tool,
  type ToolContext,
  type ToolDefinition,
  ToolError,
  type ToolOutcome,
} from "./mcp/tool.ts";
export { defineWidget, type Widget } from "./mcp/widget.ts";
