/**
 * Runs in the browser: a host page on the official MCP Apps host library. It shows one widget in a sandboxed frame and
 * writes down all that the widget sends.
 */
import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";

/** What a host offers, and how it answers `tools/call`, one answer after the other. */
export interface HostOptions {
  readonly capabilities?: ConstructorParameters<typeof AppBridge>[2];
  readonly context?: Readonly<Record<string, unknown>>;
  readonly toolAnswers?: readonly Readonly<Record<string, unknown>>[];
  /** Whether `ui/message` is answered with an error */
  readonly refuseMessages?: boolean;
  /** Whether links and files are answered with an error */
  readonly refuse?: boolean;
  /** What every request for a display mode leads to */
  readonly grantedMode?: "inline" | "fullscreen" | "pip";
  /** Sent before the answer to a call that wants to know */
  readonly progress?: readonly { readonly progress: number; readonly total?: number }[];
}

/** A JSON-RPC message from the widget. */
export interface Sent {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What a test can do in the page, as `globalThis.host`. */
interface HostPage {
  readonly sent: Sent[];
  readonly bridge: AppBridge;
  open(url: string, options: HostOptions): Promise<void>;
}

declare global {
  var host: HostPage;
}

const sent: Sent[] = [];
let bridge: AppBridge;

async function open(url: string, options: HostOptions): Promise<void> {
  const frame = document.createElement("iframe");
  frame.title = "Widget";
  frame.sandbox.add("allow-scripts");
  document.body.append(frame);
  const view = frame.contentWindow;
  if (!view) throw new Error("The frame has no window.");
  addEventListener("message", ({ source, data }) => {
    if (source === view) sent.push(data);
  });
  const info = { name: "Test host", version: "1.0.0" };
  bridge = new AppBridge(null, info, options.capabilities ?? {}, { hostContext: { ...options.context } });
  const answers = [...options.toolAnswers ?? []];
  bridge.oncalltool = async ({ _meta }) => {
    for (const step of (_meta?.progressToken !== undefined && options.progress) || []) {
      await bridge.notification({
        method: "notifications/progress",
        params: { progressToken: _meta?.progressToken ?? "", ...step },
      });
    }
    return { content: [], ...answers.shift() };
  };
  bridge.onopenlink = bridge.ondownloadfile = () => Promise.resolve({ isError: options.refuse ?? false });
  bridge.onupdatemodelcontext = () => Promise.resolve({});
  bridge.onrequestdisplaymode = async ({ mode }) => {
    const granted = options.grantedMode ?? mode;
    await bridge.sendHostContextChange({ displayMode: granted });
    return { mode: granted };
  };
  bridge.onmessage = () => Promise.resolve({ isError: options.refuseMessages ?? false });
  bridge.onsizechange = ({ height }) => {
    frame.style.height = `${height}px`;
  };
  const ready = new Promise<void>((resolve) => bridge.oninitialized = () => resolve());
  await bridge.connect(new PostMessageTransport(view, view));
  frame.src = url;
  await ready;
}

globalThis.host = {
  sent,
  get bridge() {
    return bridge;
  },
  open,
};
