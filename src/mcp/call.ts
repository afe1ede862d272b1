import type { Principal } from "../auth/principal.ts";
import type { App } from "./app.ts";
import { toolError, type ToolResult } from "./tool.ts";

/** Told about a tool, or a resource by its address, that failed for a reason that is ours. */
export type OnFailure = (target: string, error: unknown) => void;

/** Runs a tool whose access policy was applied; undefined when there is no such tool. Never rejects. */
export type CallTool = (
  name: string,
  args: unknown,
  principal: Principal | undefined,
  signal: AbortSignal,
) => Promise<ToolResult | undefined>;

/** Finds and runs the app's tools; what goes wrong inside them is logged and told without its cause. */
export function createCallTool(app: App, onFailure: OnFailure): CallTool {
  const tools = new Map(app.tools.map((tool) => [tool.name, tool]));
  return async (name, args, principal, signal) => {
    const tool = tools.get(name);
    try {
      return await tool?.call(args, principal, signal);
    } catch (error) {
      // What ends with the signal has not failed: the caller has gone, or is told that the time was up.
      if (error !== signal.reason) onFailure(name, error);
      return toolError(
        `"${tool?.title}" failed for a reason on our side. Nothing is wrong with your request; try again later.`,
      );
    }
  };
}
