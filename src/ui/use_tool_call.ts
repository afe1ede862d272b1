import { useState } from "preact/hooks";
import { needsSignIn } from "./data.ts";
import { useView } from "./widget.tsx";

/** A call that a widget makes itself. */
export interface ToolCall {
  readonly state: "ready" | "busy" | "done" | "failed" | "signed-out";
  /** Makes the call, unless one is under way. Absent where the host lets widgets call no tools (VIEW-11). */
  readonly call: ((args: Record<string, unknown>) => Promise<void>) | undefined;
}

/** Calls a tool of our server and keeps track of how that went. */
export function useToolCall(tool: string): ToolCall {
  const [state, setState] = useState<ToolCall["state"]>("ready");
  const { callTool } = useView().actions;
  const call = callTool && (async (args: Record<string, unknown>) => {
    if (state === "busy") return;
    setState("busy");
    const result = await callTool(tool, args).catch(() => ({ isError: true }));
    setState(needsSignIn(result) ? "signed-out" : result.isError ? "failed" : "done");
  });
  return { state, call };
}
