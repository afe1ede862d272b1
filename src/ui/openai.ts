import { isRecord } from "./rpc.ts";
import type { Actions, HostContext, ToolResult } from "./view.ts";

/** What ChatGPT's `window.openai` tells and offers a widget; `result` once there is a tool output. */
export interface OpenaiGlobals {
  readonly context: HostContext;
  readonly result?: ToolResult;
  readonly actions: Actions;
}

/** Reads `window.openai` now and at each `openai:set_globals`. Never calls back where there is no such object (VIEW-16). */
export function onOpenaiGlobals(listener: (globals: OpenaiGlobals) => void): void {
  const read = () => {
    const openai: unknown = Reflect.get(window, "openai");
    if (!isRecord(openai)) return;
    const { theme, locale, toolOutput, toolResponseMetadata, sendFollowUpMessage } = openai;
    listener({
      context: { theme, locale },
      ...(isRecord(toolOutput) && { result: { structuredContent: toolOutput, _meta: toolResponseMetadata } }),
      actions: typeof sendFollowUpMessage === "function"
        ? { sendMessage: async (prompt) => void await sendFollowUpMessage.call(openai, { prompt }) }
        : {},
    });
  };
  addEventListener("openai:set_globals", read);
  read();
}
