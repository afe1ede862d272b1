import { applyContext, declaredModes } from "./host_context.ts";
import { onOpenaiGlobals } from "./openai.ts";
import { asRecord, connectParent } from "./rpc.ts";
import { observeSize } from "./size.ts";
import { type Actions, FIRST_VIEW, type View } from "./view.ts";

/** How long a widget waits for its result before it offers to ask again. */
const LATE_MS = 8_000;

/**
 * Connects a widget to its MCP Apps host (protocol 2026-01-26) and calls `draw` now and after every change
 * (VIEW-01 … 17). Without such a host, ChatGPT's `window.openai` is read if there is one.
 */
export function connect(name: string, draw: (view: View) => void): void {
  let view = FIRST_VIEW;
  let openaiActions: Actions = {};
  let lateTimer: ReturnType<typeof setTimeout> | undefined;
  let stopObserving = () => {};

  const show = (change: Partial<View>) => {
    view = { ...view, ...change };
    clearTimeout(lateTimer);
    // ChatGPT has been seen to send neither input nor result after a reload (openai-apps-sdk-examples#195).
    if (view.state === "loading") lateTimer = setTimeout(() => show({ state: "late" }), LATE_MS);
    draw({ ...view, actions: offeredActions() });
  };
  const mergeContext = (change: Record<string, unknown>, host = view.host) => {
    const context = { ...view.context, ...change };
    applyContext(context);
    show({ context, host });
  };
  const showInput = (input: unknown, inputComplete: boolean) =>
    show({ input: asRecord(input), inputComplete });

  const peer = connectParent({
    ping: () => ({}),
    "ui/resource-teardown": () => {
      clearTimeout(lateTimer);
      stopObserving();
    },
    "ui/notifications/host-context-changed": (change) => mergeContext(change),
    "ui/notifications/tool-input-partial": (params) => showInput(params.arguments, false),
    "ui/notifications/tool-input": (params) => showInput(params.arguments, true),
    "ui/notifications/tool-result": (result) => show({ state: "result", result }),
    "ui/notifications/tool-cancelled": () => show({ state: "cancelled" }),
  });

  const callTool: NonNullable<Actions["callTool"]> = (tool, args, onProgress) =>
    peer.request("tools/call", { name: tool, arguments: args }, onProgress);
  async function ask(method: string, params: Record<string, unknown>) {
    const answer = await peer.request(method, params);
    if (answer.isError) throw new Error("The host refused.");
    return answer;
  }
  function offeredActions(): Actions {
    const { host, input } = view;
    if (!host) return openaiActions;
    const { serverTools, message } = host.capabilities;
    const tool = view.context.toolInfo?.tool;
    const actions: Actions = {};
    if (serverTools) actions.callTool = callTool;
    if (message) {
      actions.sendMessage = (text) => ask("ui/message", { role: "user", content: [{ type: "text", text }] });
    }
    // A call whose result is lost may have had its effect, so only one that may be made twice is repeated.
    const { readOnlyHint, idempotentHint } = asRecord(tool?.annotations);
    const repeatable = view.state !== "late" || readOnlyHint === true || idempotentHint === true;
    const toolName = tool?.name;
    if (serverTools && toolName && view.inputComplete && repeatable) {
      actions.retry = async () => {
        show({ state: "loading" });
        const result = await callTool(toolName, input).catch(() => ({ isError: true }));
        show({ state: "result", result });
      };
    }
    return actions;
  }

  // Asked before anything is drawn, so that the host answers meanwhile.
  const initialized = peer.request("ui/initialize", {
    appInfo: { name, version: "1.0.0" },
    appCapabilities: { availableDisplayModes: declaredModes() },
    protocolVersion: "2026-01-26",
  });
  show({});
  onOpenaiGlobals(({ context, result, actions }) => {
    if (view.host) return;
    openaiActions = actions;
    applyContext(context);
    show({ context, ...(result && { state: "result", result }) });
  });
  initialized.then(({ hostCapabilities, hostContext }) => {
    peer.notify("ui/notifications/initialized", {});
    mergeContext(asRecord(hostContext), { capabilities: asRecord(hostCapabilities), ask });
    stopObserving = observeSize((size) => peer.notify("ui/notifications/size-changed", { ...size }));
  }, () => {/* Not an MCP Apps host: what window.openai said stays on screen. */});
}
