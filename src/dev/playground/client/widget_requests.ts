import type { CallToolResult } from "@modelcontextprotocol/client";
import type { AppBridge } from "@modelcontextprotocol/ext-apps/app-bridge";
import { Challenged } from "./challenge.ts";
import { errorMessage } from "./error_message.ts";
import type { Host } from "./host.ts";
import { hints } from "./settings.ts";

/** Answers what a widget may ask of a host: to speak for the person, open links, call the tools that are open to widgets. */
export function answerWidget(bridge: AppBridge, host: Host, frame: HTMLIFrameElement): void {
  bridge.onmessage = ({ content }) => {
    const text = content.map((block) => block.type === "text" ? block.text : "").join(" ").trim();
    if (text === "") return Promise.resolve({ isError: true });
    void host.thread.say(text, "widget");
    return Promise.resolve({});
  };

  bridge.onopenlink = ({ url }) => {
    if (!/^https?:/.test(url)) return Promise.resolve({ isError: true });
    open(url, "_blank", "noopener,noreferrer");
    return Promise.resolve({});
  };

  bridge.oncalltool = ({ name, arguments: args = {} }) =>
    callTool(name, args).catch((error) => {
      throw new Error(errorMessage(error));
    });

  async function callTool(name: string, args: Record<string, unknown>): Promise<CallToolResult> {
    const connection = await host.connection();
    const tool = connection.toolForWidgets(name);
    if (!tool) throw new Error(`Widgets may not call ${name}.`);
    try {
      return await connection.call(name, args, hints(host.settings.get()));
    } catch (error) {
      if (!(error instanceof Challenged)) throw error;
      // The widget cannot sign anyone in, but its host can, while the widget waits.
      const scrollBack = rememberPosition(frame);
      const result = await host.thread.wait(tool, args, error);
      scrollBack();
      return result;
    }
  }
}

/** Remembers where a frame is in the window. The returned function scrolls it back to there, and the focus into it. */
function rememberPosition(frame: HTMLIFrameElement): () => void {
  const top = () => frame.getBoundingClientRect().top;
  const before = top();
  return () => {
    frame.focus({ preventScroll: true });
    // In low windows the page scrolls instead of the conversation.
    for (const scroller of [frame.closest(".thread"), document.documentElement]) {
      scroller?.scrollBy(0, top() - before);
    }
  };
}
