import { withDeadline } from "../net/deadline.ts";
import { type Tool, toolError, type ToolResult } from "./tool.ts";
import type { ToolCall } from "./tool_context.ts";

/** Told about a tool, or a resource by its address, that failed for a reason that is ours. */
export type OnFailure = (target: string, error: unknown) => void;

/** The time limit of a tool has passed. */
class TimeUp extends Error {
  override readonly name = "TimeUp";
}

/**
 * Runs a tool that the gate has admitted, for no longer than it may take. Never rejects: what goes wrong is told to
 * `onFailure`, and without its cause in the result.
 */
export async function callTool(
  tool: Tool,
  args: unknown,
  call: ToolCall,
  onFailure: OnFailure,
): Promise<ToolResult> {
  const { name, title, timeLimitMs } = tool;
  const timeUp = () => new TimeUp(`The tool took longer than ${timeLimitMs / 1000} seconds.`);
  try {
    return await withDeadline(timeLimitMs, timeUp, ({ signal }) => tool.call(args, call, signal));
  } catch (error) {
    if (error instanceof TimeUp) {
      onFailure(name, error);
      return toolError(
        `"${title}" took longer than ${timeLimitMs / 1000} seconds and was given up. ` +
          "Part of it may have been done: look before you try again.",
      );
    }
    // What ends with the signal has not failed: the caller has gone, or is told that the time was up.
    if (!call.signals().some(({ aborted, reason }) => aborted && reason === error)) onFailure(name, error);
    return toolError(
      `"${title}" failed for a reason on our side. Nothing is wrong with your request; try again later.`,
    );
  }
}
