import { asRecord, isRecord } from "./rpc.ts";
import type { Actions, HostContext, ToolResult } from "./view.ts";

/** What ChatGPT's `window.openai` tells and offers a widget; `result` once there is a tool output. */
export interface OpenaiGlobals {
  readonly context: HostContext;
  readonly result?: ToolResult;
  readonly actions: Actions;
}

/** ChatGPT's `window.openai`, empty elsewhere. */
export function openaiGlobals(): Record<string, unknown> {
  const openai: unknown = Reflect.get(window, "openai");
  return isRecord(openai) ? openai : {};
}

/** A function of `window.openai`, undefined where there is none. */
export function openaiFunction(name: string): ((...args: unknown[]) => Promise<unknown>) | undefined {
  const openai = openaiGlobals();
  const found = openai[name];
  return typeof found === "function" ? async (...args) => await found.apply(openai, args) : undefined;
}

/** Reads `window.openai` now and at each `openai:set_globals`. Never calls back where there is no such object (VIEW-16). */
export function onOpenaiGlobals(listener: (globals: OpenaiGlobals) => void): void {
  const read = () => {
    if (!("openai" in window)) return;
    const { theme, locale, displayMode, safeArea, toolOutput, toolResponseMetadata } = openaiGlobals();
    const callTool = openaiFunction("callTool");
    const say = openaiFunction("sendFollowUpMessage");
    listener({
      context: { theme, locale, displayMode, safeAreaInsets: isRecord(safeArea) && safeArea.insets },
      ...(isRecord(toolOutput) && { result: { structuredContent: toolOutput, _meta: toolResponseMetadata } }),
      actions: {
        ...(callTool && { callTool: (name, args) => callTool(name, args).then(asRecord) }),
        ...(say && { sendMessage: (prompt) => say({ prompt }) }),
      },
    });
  };
  addEventListener("openai:set_globals", read);
  read();
}
