/**
 * The one door for apps: everything that an app's own code imports from the core.
 *
 * @module
 */
export type { Claims, Principal } from "./auth/principal.ts";
export type { UpstreamTarget, UpstreamToken } from "./auth/token_exchange.ts";
export { type Access, anyone, mixed, signedIn } from "./mcp/access.ts";
export { type AppDefinition, type AppDeps, defineApp, type OpenApp, type Publisher } from "./mcp/app.ts";
export type { Complete, RequestContext } from "./mcp/completion.ts";
export {
  definePrompt,
  type Prompt,
  type PromptArguments,
  type PromptContext,
  type PromptDefinition,
  type PromptMessage,
  type PromptMessages,
} from "./mcp/prompt.ts";
export {
  defineResource,
  type Readable,
  type Resource,
  type ResourceContent,
  type ResourceDefinition,
  type UriParams,
} from "./mcp/resource.ts";
export {
  defineTool,
  type Tool,
  type ToolContent,
  type ToolDefinition,
  type ToolOutcome,
} from "./mcp/tool.ts";
export type { Confirm, RequestInput } from "./mcp/confirm.ts";
export type { ClientClaims, TokenFor, ToolContext } from "./mcp/tool_context.ts";
export { ToolError } from "./mcp/tool_error.ts";
export { defineWidget, type DisplayMode, type Widget, type WidgetDefinition } from "./mcp/widget.ts";
