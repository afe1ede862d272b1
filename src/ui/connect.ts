import { applyContext } from "./host_context.ts";
import { onOpenaiGlobals } from "./openai.ts";
import { connectParent, isRecord } from "./rpc.ts";
import { observeSize } from "./size.ts";
import type { Actions, ToolResult, View } from "./view.ts";

/** How long a widget waits for its result before it offers to ask again. */
const LATE_MS = 8_000;

/**
 * Connects a widget to its MCP Apps host (protocol 2026-01-26) and calls `draw` now and after every change
 * (VIEW-01 … 17). Without such a host, ChatGPT's `window.openai` is read if there is one.
 */
export function connect(name: string, draw: (view: View) => void): void {
  let view: View = { state: "loading", input: {}, result: {}, context: {}, actions: {} };
  let host: Record<string, unknown> | undefined;
  let openaiActions: Actions = {};
  let inputComplete = false;
  let lateTimer: ReturnType<typeof setTimeout> | undefined;
  let stopObserving = () => {};

  const show = (change: Partial<View>) => {
    view = { ...view, ...change };
    clearTimeout(lateTimer);
    // ChatGPT has been seen to send neither input nor result after a reload (openai-apps-sdk-examples#195).
    if (view.state === "loading") lateTimer = setTimeout(() => show({ state: "late" }), LATE_MS);
    draw({ ...view, actions: offeredActions() });
  };
  const mergeContext = (change: Record<string, unknown>) => {
    const context = { ...view.context, ...change };
    applyContext(context);
    show({ context });
  };
  const showInput = ({ arguments: input }: Record<string, unknown>) =>
    show({ input: isRecord(input) ? input : {} });

  const peer = connectParent({
    ping: () => ({}),
    "ui/resource-teardown": () => {
      clearTimeout(lateTimer);
      stopObserving();
    },
    "ui/notifications/host-context-changed": mergeContext,
    "ui/notifications/tool-input-partial": showInput,
    "ui/notifications/tool-input": (params) => {
      inputComplete = true;
      showInput(params);
    },
    "ui/notifications/tool-result": (result) => show({ state: "result", result }),
    "ui/notifications/tool-cancelled": () => show({ state: "cancelled" }),
  });

  async function callTool(tool: string, args: Record<string, unknown>): Promise<ToolResult> {
    const result = await peer.request("tools/call", { name: tool, arguments: args });
    return isRecord(result) ? result : {};
  }
  async function sendMessage(text: string): Promise<void> {
    const answer = await peer.request("ui/message", { role: "user", content: [{ type: "text", text }] });
    if (isRecord(answer) && answer.isError) throw new Error("The host did not deliver the message.");
  }
  function offeredActions(): Actions {
    if (!host) return openaiActions;
    const can = isRecord(host.hostCapabilities) ? host.hostCapabilities : {};
    const tool = view.context.toolInfo?.tool;
    const actions: Actions = {};
    if (can.serverTools) actions.callTool = callTool;
    if (can.message) actions.sendMessage = sendMessage;
    // A call whose result is lost may have had its effect, so only one that may be made twice is repeated.
    const repeatable = view.state !== "late" || mayRepeat(tool?.annotations);
    const toolName = tool?.name;
    if (can.serverTools && toolName && inputComplete && repeatable) {
      actions.retry = async () => {
        show({ state: "loading" });
        const result = await callTool(toolName, view.input).catch(() => ({ isError: true }));
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
  onOpenaiGlobals(({ context, result, actions }) => {
    if (host) return;
    openaiActions = actions;
    applyContext(context);
    show({ context, ...(result && { state: "result", result }) });
  });
  initialized.then((answer) => {
    host = isRecord(answer) ? answer : {};
    peer.notify("ui/notifications/initialized", {});
    mergeContext(isRecord(host.hostContext) ? host.hostContext : {});
    stopObserving = observeSize((size) => peer.notify("ui/notifications/size-changed", { ...size }));
  }, () => {/* Not an MCP Apps host: what window.openai said stays on screen. */});
}

function mayRepeat(annotations: unknown): boolean {
  return isRecord(annotations) && (annotations.readOnlyHint === true || annotations.idempotentHint === true);
}
