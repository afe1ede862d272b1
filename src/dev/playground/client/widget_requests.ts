import type { CallToolResult, Progress } from "@modelcontextprotocol/client";
import type { AppBridge } from "@modelcontextprotocol/ext-apps/app-bridge";
import { shorten } from "./bridge_log.ts";
import { Challenged } from "./challenge.ts";
import { download } from "./download.ts";
import { errorMessage } from "./error_message.ts";
import type { Host } from "./host.ts";
import { hints } from "./settings.ts";
import type { Call } from "./thread.ts";

const MAX_MESSAGE = 10_000;
const MAX_URL = 2048;

/**
 * Answers what a widget may ask of a host: to speak for the person, tell the model something, open links, save files,
 * be shown in another way, and call the tools that are open to widgets. What is refused says why to the person.
 */
export function answerWidget(bridge: AppBridge, host: Host, { id }: Call, frame: HTMLIFrameElement): void {
  function refuse(reason: string): Promise<{ isError: true }> {
    host.notice.set(reason);
    return Promise.resolve({ isError: true });
  }

  bridge.onmessage = ({ content }) => {
    const text = content.map((block) => block.type === "text" ? block.text : "").join(" ").trim();
    if (text === "") return refuse("The widget sent a message without text.");
    if (text.length > MAX_MESSAGE) {
      return refuse(`The widget's message is longer than ${MAX_MESSAGE} characters, so it was not said.`);
    }
    void host.thread.say(text, "widget");
    return Promise.resolve({});
  };

  bridge.onupdatemodelcontext = ({ content = [], structuredContent = {} }) => {
    const isEmpty = content.length === 0 && Object.keys(structuredContent).length === 0;
    const known = isEmpty ? undefined : shorten({ content, structuredContent });
    host.modelContext.set({ ...host.modelContext.get(), [id]: known });
    return Promise.resolve({});
  };

  bridge.onopenlink = ({ url }) => {
    const isWeb = ["http:", "https:"].includes(URL.parse(url)?.protocol ?? "");
    if (!isWeb || url.length > MAX_URL) {
      return refuse("The widget asked to open something other than a web page, so it was not opened.");
    }
    if (!navigator.userActivation.isActive) {
      return refuse("The widget asked to open a page without a click or a key, so it was not opened.");
    }
    open(url, "_blank", "noopener,noreferrer");
    return Promise.resolve({});
  };

  bridge.ondownloadfile = async ({ contents }) => {
    if (!navigator.userActivation.isActive) {
      return refuse("The widget asked to save a file without a click or a key, so it was not saved.");
    }
    try {
      await download(contents, async (uri) => (await host.connection()).read(uri));
      return {};
    } catch (error) {
      return refuse(errorMessage(error));
    }
  };

  bridge.onrequestdisplaymode = ({ mode }) => Promise.resolve({ mode: host.display(id, mode) });

  bridge.oncalltool = ({ name, arguments: args = {}, _meta }) => {
    const progressToken = _meta?.progressToken;
    const onprogress = (progress: Progress) => {
      if (progressToken === undefined) return;
      void bridge.notification({ method: "notifications/progress", params: { progressToken, ...progress } });
    };
    return callTool(name, args, onprogress).catch((error) => {
      throw new Error(errorMessage(error));
    });
  };

  async function callTool(
    name: string,
    args: Record<string, unknown>,
    onprogress: (progress: Progress) => void,
  ): Promise<CallToolResult> {
    const connection = await host.connection();
    const tool = connection.toolForWidgets(name);
    if (!tool) throw new Error(`Widgets may not call ${name}.`);
    try {
      return await connection.call(name, args, hints(host.settings.get()), onprogress);
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
