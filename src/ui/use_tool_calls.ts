import { useState } from "preact/hooks";
import { needsSignIn } from "./data.ts";
import { useView } from "./widget.tsx";

type CallState = "ready" | "busy" | "done" | "failed" | "signed-out";

/** Calls that a widget makes itself, each known by an id of the widget's choice. */
export interface ToolCalls {
  stateOf(id: string): CallState;
  /** Makes a call, unless it is under way. Absent where the host lets widgets call no tools (VIEW-11). */
  readonly call: ((id: string, args: Record<string, unknown>) => Promise<void>) | undefined;
}

/**
 * Calls a tool of our server and keeps track of how that went. Use it in a component that stays, rather than in
 * an item of a list with pages, which would forget its call when the page is turned.
 */
export function useToolCalls(tool: string): ToolCalls {
  const [states, setStates] = useState<ReadonlyMap<string, CallState>>(new Map());
  const { callTool } = useView().actions;
  const stateOf = (id: string) => states.get(id) ?? "ready";
  const call = callTool && (async (id: string, args: Record<string, unknown>) => {
    const become = (state: CallState) => setStates((old) => new Map(old).set(id, state));
    if (stateOf(id) === "busy") return;
    become("busy");
    const result = await callTool(tool, args).catch(() => ({ isError: true }));
    become(needsSignIn(result) ? "signed-out" : result.isError ? "failed" : "done");
  });
  return { stateOf, call };
}
