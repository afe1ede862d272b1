import {
  AppBridge,
  buildAllowAttribute,
  type McpUiDisplayMode,
  type McpUiHostContext,
  type McpUiTheme,
} from "@modelcontextprotocol/ext-apps/app-bridge";
import { useEffect, useRef, useState } from "preact/hooks";
import { LoggedTransport, logViolation } from "./bridge_log.ts";
import type { WidgetResource } from "./connection.ts";
import type { Host } from "./host.ts";
import { DEVICES, SAFE_AREAS, type Settings } from "./settings.ts";
import { useStore } from "./store.ts";
import type { Call } from "./thread.ts";
import { answerWidget } from "./widget_requests.ts";

const CAPABILITIES = {
  openLinks: {},
  downloadFile: {},
  serverTools: {},
  message: { text: {} },
  updateModelContext: { text: {}, structuredContent: {} },
};
const MAX_HEIGHT = 4000;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A call's widget in the sandbox, over the official host library. Moving the frame would load it again, so it stays. */
export function WidgetFrame({ host, call, widget }: { host: Host; call: Call; widget: WidgetResource }) {
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const bridge = useRef<AppBridge>(null);
  const [height, setHeight] = useState(120);
  const [size, setSize] = useState<Size>();
  const settings = useStore(host.settings);
  const displayed = useStore(host.displayed);
  const mode = displayed?.id === call.id ? displayed.mode : "inline";
  const title = `Widget of ${call.tool.title ?? call.tool.name}`;
  const context = hostContext(settings, call, mode, size);

  function returnToChat(): void {
    host.display(call.id, "inline");
    frame.current?.focus();
  }

  useEffect(() => {
    const view = frame.current?.contentWindow;
    if (!view || !frame.current) return;
    const opened = new AppBridge(null, { name: "Playground", version: "1.0.0" }, CAPABILITIES, {
      hostContext: context,
    });
    bridge.current = opened;
    host.widgets.set(call.id, opened);
    answerWidget(opened, host, call, frame.current);
    opened.onsizechange = ({ height }) => {
      const isInline = host.displayed.get()?.id !== call.id;
      if (isInline) setHeight(Math.min(height ?? 0, MAX_HEIGHT));
    };
    const onReport = ({ source, data }: MessageEvent) => {
      if (source !== view || typeof data?.sandbox !== "object" || data.sandbox === null) return;
      logViolation(host.bridgeLog, data.sandbox);
    };
    addEventListener("message", onReport);
    const close = () => {
      removeEventListener("message", onReport);
      bridge.current = null;
      void opened.close();
    };
    let isReady = false;
    opened.onsandboxready = () => {
      // A second one comes from another document, which may have another policy: it gets nothing.
      if (isReady) return close();
      isReady = true;
      const { html, permissions } = widget;
      void opened.sendSandboxResourceReady({ html, permissions });
    };
    // Nothing is sent before this (APPS Lifecycle).
    opened.oninitialized = async () => {
      await opened.sendToolInput({ arguments: call.args });
      if (call.result) await opened.sendToolResult(call.result);
    };
    const url = `${host.config.sandbox}?csp=${encodeURIComponent(JSON.stringify(widget.csp))}`;
    opened.connect(new LoggedTransport(view, host.bridgeLog)).then(() =>
      frame.current?.setAttribute("src", url)
    );
    return close;
  }, []);

  useEffect(() => bridge.current?.setHostContext(context), [settings, mode, size]);

  useEffect(() => {
    if (mode === "inline" || !frame.current) return setSize(undefined);
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      setSize({ width: Math.round(width), height: Math.round(height) });
    });
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [mode]);

  useEffect(() => {
    if (mode !== "fullscreen") return;
    const escaped = ({ key }: KeyboardEvent) => key === "Escape" && returnToChat();
    const escapedInside = ({ source, data }: MessageEvent) =>
      source === frame.current?.contentWindow && data?.sandbox === "Escape" && returnToChat();
    // What is behind the widget cannot be seen, so the focus does not go there.
    const focusBack = () => box.current?.querySelector("button")?.focus();
    const keepFocus = ({ target }: Event) => {
      if (target instanceof Node && !box.current?.contains(target)) focusBack();
    };
    if (document.activeElement !== frame.current) focusBack();
    const ended = new AbortController();
    addEventListener("keydown", escaped, ended);
    addEventListener("message", escapedInside, ended);
    addEventListener("focusin", keepFocus, ended);
    return () => ended.abort();
  }, [mode]);

  const isModal = mode === "fullscreen";
  const device = DEVICES.find(({ width }) => width === settings.width);
  return (
    <div
      ref={box}
      class={widget.prefersBorder ? "widget-scroll bordered" : "widget-scroll"}
      data-mode={mode}
      tabIndex={settings.width > 0 ? 0 : -1}
      role={isModal ? "dialog" : "group"}
      aria-label={isModal ? title : "Widget"}
      {...(isModal && { "aria-modal": true })}
    >
      {mode !== "inline" && (
        <div class="widget-bar">
          <span>{call.tool.title ?? call.tool.name}</span>
          <button type="button" class="quiet" onClick={returnToChat}>Back to the chat</button>
        </div>
      )}
      <iframe
        ref={frame}
        class="widget"
        title={title}
        sandbox={host.config.separateSandbox ? "allow-scripts allow-same-origin" : "allow-scripts"}
        allow={buildAllowAttribute(widget.permissions)}
        height={isModal && device?.height ? device.height : height}
        {...(settings.width > 0 && mode !== "pip" && { width: settings.width })}
      />
    </div>
  );
}

function hostContext(
  { theme, locale, width, touch, safeArea, timeZone }: Settings,
  { tool }: Call,
  displayMode: McpUiDisplayMode,
  size: Size | undefined,
): McpUiHostContext {
  return {
    theme: themeOf(theme),
    locale,
    timeZone: timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone,
    displayMode,
    availableDisplayModes: ["inline", "fullscreen", "pip"],
    containerDimensions: size ?? { maxHeight: MAX_HEIGHT, ...(width > 0 ? { width } : {}) },
    deviceCapabilities: { touch, hover: !touch },
    // In the chat, the notch is outside of the widget.
    safeAreaInsets: SAFE_AREAS[displayMode === "fullscreen" ? safeArea : "none"],
    platform: touch ? "mobile" : "web",
    userAgent: "playground",
    toolInfo: { tool },
  };
}

function themeOf(theme: Settings["theme"]): McpUiTheme {
  if (theme !== "system") return theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
