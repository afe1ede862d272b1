/// <reference lib="dom" />
import type { ToolResult } from "./bridge.ts";
import type { HostContext } from "./host_context.ts";
import { isRecord } from "./rpc.ts";

/** What ChatGPT's `window.openai` tells a widget; `result` once there is a tool output. */
export interface OpenaiGlobals {
  readonly context: HostContext;
  readonly result?: ToolResult;
}

/** Reads `window.openai` now and at each `openai:set_globals`. Never calls back where there is no such object (VIEW-16). */
export function onOpenaiGlobals(listener: (globals: OpenaiGlobals) => void): void {
  const read = () => {
    const openai: unknown = Reflect.get(window, "openai");
    if (!isRecord(openai)) return;
    const { theme, locale, toolOutput, toolResponseMetadata } = openai;
    listener({
      context: { theme, locale },
      ...(isRecord(toolOutput) && { result: { structuredContent: toolOutput, _meta: toolResponseMetadata } }),
    });
  };
  addEventListener("openai:set_globals", read);
  read();
}
