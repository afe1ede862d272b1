import {
  AppBridge,
  type McpUiHostContext,
  type McpUiTheme,
  PostMessageTransport,
} from "@modelcontextprotocol/ext-apps/app-bridge";
import { useEffect, useRef, useState } from "preact/hooks";
import type { WidgetResource } from "./connection.ts";
import type { Host } from "./host.ts";
import type { Settings } from "./settings.ts";
import { useStore } from "./store.ts";
import type { Call } from "./thread.ts";
import { answerWidget } from "./widget_requests.ts";

const CAPABILITIES = { openLinks: {}, serverTools: {}, message: { text: {} } };
const MAX_HEIGHT = 4000;

/** A call's widget in the sandbox, over the official host library. */
export function WidgetFrame({ host, call, widget }: { host: Host; call: Call; widget: WidgetResource }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const bridge = useRef<AppBridge>(null);
  const [height, setHeight] = useState(120);
  const settings = useStore(host.settings);
  const context = hostContext(settings, call);

  useEffect(() => {
    const view = frame.current?.contentWindow;
    if (!view || !frame.current) return;
    const opened = new AppBridge(null, { name: "Playground", version: "1.0.0" }, CAPABILITIES, {
      hostContext: context,
    });
    bridge.current = opened;
    host.widgets.set(call.id, opened);
    answerWidget(opened, host, frame.current);
    opened.onsizechange = ({ height }) => setHeight(Math.min(height ?? 0, MAX_HEIGHT));
    const close = () => {
      bridge.current = null;
      void opened.close();
    };
    let isReady = false;
    opened.onsandboxready = () => {
      // A second one comes from another document, which may have another policy: it gets nothing.
      if (isReady) return close();
      isReady = true;
      void opened.sendSandboxResourceReady({ html: widget.html });
    };
    // Nothing is sent before this (APPS Lifecycle).
    opened.oninitialized = async () => {
      await opened.sendToolInput({ arguments: call.args });
      if (call.result) await opened.sendToolResult(call.result);
    };
    const url = `${host.config.sandbox}?csp=${encodeURIComponent(JSON.stringify(widget.csp))}`;
    opened.connect(new PostMessageTransport(view, view)).then(() => frame.current?.setAttribute("src", url));
    return close;
  }, []);

  useEffect(() => bridge.current?.setHostContext(context), [settings]);

  return (
    <div
      class={widget.prefersBorder ? "widget-scroll bordered" : "widget-scroll"}
      tabIndex={settings.width > 0 ? 0 : -1}
      role="group"
      aria-label="Widget"
    >
      <iframe
        ref={frame}
        class="widget"
        title={`Widget of ${call.tool.title ?? call.tool.name}`}
        sandbox={host.config.separateSandbox ? "allow-scripts allow-same-origin" : "allow-scripts"}
        height={height}
        {...(settings.width > 0 && { width: settings.width })}
      />
    </div>
  );
}

function hostContext({ theme, locale, width }: Settings, { tool }: Call): McpUiHostContext {
  return {
    theme: themeOf(theme),
    locale,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    displayMode: "inline",
    availableDisplayModes: ["inline"],
    containerDimensions: { maxHeight: MAX_HEIGHT, ...(width > 0 ? { width } : {}) },
    platform: "web",
    userAgent: "playground",
    toolInfo: { tool },
  };
}

function themeOf(theme: Settings["theme"]): McpUiTheme {
  if (theme !== "system") return theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
