/// <reference lib="dom" />
import type { CallToolResult } from "@modelcontextprotocol/client";
import type { AppBridge } from "@modelcontextprotocol/ext-apps/app-bridge";
import { Challenged } from "./challenge.ts";
import type { Host } from "./host.ts";
import { hints } from "./settings.ts";

/** Lets a widget do what a host offers: speak for the person, open links, call the tools that are open to widgets. */
export function answerWidget(bridge: AppBridge, host: Host): void {
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

  bridge.oncalltool = async ({ name, arguments: args = {} }): Promise<CallToolResult> => {
    const connection = await host.connection();
    if (!connection.openToWidgets(name)) throw new Error(`Widgets may not call ${name}.`);
    try {
      return await connection.call(name, args, hints(host.settings.get()));
    } catch (error) {
      if (!(error instanceof Challenged)) throw error;
      // The widget cannot sign anyone in; it says so, and the person asks in the chat (OAI-25).
      return {
        content: [{ type: "text", text: error.message }],
        isError: true,
        _meta: { "mcp/www_authenticate": [error.challenge.header] },
      };
    }
  };
}
