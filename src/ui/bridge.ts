/// <reference lib="dom" />
import { applyContext, type HostContext } from "./host_context.ts";
import { onOpenaiGlobals } from "./openai.ts";
import { connectParent, isRecord } from "./rpc.ts";
import { observeSize } from "./size.ts";

/** A tool's result as the host hands it over; everything in it is untrusted. */
export interface ToolResult {
  readonly content?: unknown;
  readonly structuredContent?: unknown;
  readonly isError?: unknown;
  readonly _meta?: unknown;
}

/** What the host lets us do: an action it does not offer is absent, so that no button leads nowhere (VIEW-11). */
export interface Actions {
  /** Calls a tool of our server. Rejects when the host refuses; a tool's own failure is a result with `isError`. */
  callTool?: (name: string, args: Record<string, unknown>) => Promise<ToolResult>;
  /** Says something in the chat for the user. Rejects when the host did not deliver it. */
  sendMessage?: (text: string) => Promise<void>;
  /** Makes the call this widget stands for once more and shows its result. */
  retry?: () => void;
}

/** All that a widget is drawn from. */
export interface View {
  readonly state: "loading" | "result" | "cancelled";
  /** The tool's arguments as far as known; while the model is still writing them they are incomplete (VIEW-06). */
  readonly input: Readonly<Record<string, unknown>>;
  readonly result: ToolResult;
  readonly context: HostContext;
  readonly actions: Actions;
}

/**
 * Connects a widget to its MCP Apps host (protocol 2026-01-26) and paints it anew after every change (VIEW-01 … 17).
 * Without such a host, ChatGPT's `window.openai` is read if present.
 */
export function connect(name: string, paint: (view: View) => void): void {
  let view: View = { state: "loading", input: {}, result: {}, context: {}, actions: {} };
  let host: Record<string, unknown> | undefined;
  let inputComplete = false;
  let stopObserving = () => {};

  const show = (change: Partial<View>) => {
    view = { ...view, ...change };
    paint({ ...view, actions: offered() });
  };
  const mergeContext = (context: Record<string, unknown>) => {
    const merged = { ...view.context, ...context };
    applyContext(merged);
    show({ context: merged });
  };

  const peer = connectParent({
    ping: () => ({}),
    "ui/resource-teardown": () => stopObserving(),
    "ui/notifications/host-context-changed": mergeContext,
    "ui/notifications/tool-input-partial": ({ arguments: input }) =>
      show({ input: isRecord(input) ? input : {} }),
    "ui/notifications/tool-input": ({ arguments: input }) => {
      inputComplete = true;
      show({ input: isRecord(input) ? input : {} });
    },
    "ui/notifications/tool-result": (result) => show({ state: "result", result }),
    "ui/notifications/tool-cancelled": () => show({ state: "cancelled" }),
  });

  async function deliver(method: string, params: Record<string, unknown>) {
    const answer = await peer.request(method, params);
    if (isRecord(answer) && answer.isError) throw new Error(`The host did not carry out ${method}.`);
  }
  async function callTool(tool: string, args: Record<string, unknown>): Promise<ToolResult> {
    const result = await peer.request("tools/call", { name: tool, arguments: args });
    return isRecord(result) ? result : {};
  }
  function offered(): Actions {
    const can = isRecord(host?.hostCapabilities) ? host.hostCapabilities : {};
    const tool = view.context.toolInfo?.tool?.name;
    const actions: Actions = {};
    if (can.serverTools) actions.callTool = callTool;
    if (can.message) {
      actions.sendMessage = (text) =>
        deliver("ui/message", { role: "user", content: [{ type: "text", text }] });
    }
    if (can.serverTools && tool && inputComplete) {
      actions.retry = async () => {
        show({ state: "loading" });
        const result = await callTool(tool, view.input).catch(() => ({ isError: true }));
        show({ state: "result", result });
      };
    }
    return actions;
  }

  // Asked before anything is drawn, so that the host answers meanwhile.
  const initialized = peer.request("ui/initialize", {
    appInfo: { name, version: "1.0.0" },
    appCapabilities: { availableDisplayModes: ["inline"] },
    protocolVersion: "2026-01-26",
  });
  show({});
  onOpenaiGlobals((globals) => {
    if (host) return;
    applyContext(globals.context);
    show({ context: globals.context, ...(globals.result && { state: "result", result: globals.result }) });
  });
  initialized.then((answer) => {
    host = isRecord(answer) ? answer : {};
    peer.notify("ui/notifications/initialized", {});
    mergeContext(isRecord(host.hostContext) ? host.hostContext : {});
    stopObserving = observeSize((size) => peer.notify("ui/notifications/size-changed", { ...size }));
  }, () => {/* Not an MCP Apps host: what window.openai said stays on screen. */});
}
