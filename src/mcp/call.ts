import type { Admitted } from "./gate.ts";
import { type TokenFor, type Tool, toolError, type ToolResult } from "./tool.ts";

/** Told about a tool, or a resource by its address, that failed for a reason that is ours. */
export type OnFailure = (target: string, error: unknown) => void;

/** Runs a tool that the gate has admitted. Never rejects: what goes wrong is told to `onFailure`, and without its cause in the result. */
export async function callTool(
  tool: Tool,
  args: unknown,
  { caller, signal, tokenFor, onFailure }: Pick<Admitted, "caller"> & {
    readonly signal: AbortSignal;
    readonly tokenFor?: TokenFor | undefined;
    readonly onFailure: OnFailure;
  },
): Promise<ToolResult> {
  try {
    return await tool.call(args, caller, signal, tokenFor);
  } catch (error) {
    // What ends with the signal has not failed: the caller has gone, or is told that the time was up.
    if (error !== signal.reason) onFailure(tool.name, error);
    return toolError(
      `"${tool.title}" failed for a reason on our side. Nothing is wrong with your request; try again later.`,
    );
  }
}
