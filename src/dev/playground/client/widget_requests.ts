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
    const tool = connection.toolForWidgets(name);
    if (!tool) throw new Error(`Widgets may not call ${name}.`);
    try {
      return await connection.call(name, args, hints(host.settings.get()));
    } catch (error) {
      // The widget cannot sign anyone in, but its host can, while the widget waits.
      if (error instanceof Challenged) return await host.thread.wait(tool, args, error);
      throw error;
    }
  };
}
