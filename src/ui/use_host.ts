import { declaredModes } from "./host_context.ts";
import { knownLocale } from "./locale.ts";
import { openaiFunction, openaiGlobals } from "./openai.ts";
import { asRecord } from "./rpc.ts";
import type { DisplayMode } from "./view.ts";
import { useState } from "preact/hooks";
import { useView } from "./widget.tsx";

/** A request of MCP Apps, where the host has said that it takes it (VIEW-11). */
function useOffered(capability: string, method: string) {
  const { host } = useView();
  return host?.capabilities[capability]
    ? (params: Record<string, unknown>) => host.ask(method, params)
    : undefined;
}

/** Opens a page in a new window. Undefined where the host cannot; rejects when it refuses. */
export function useOpenLink(): ((url: string) => Promise<unknown>) | undefined {
  const ask = useOffered("openLinks", "ui/open-link");
  const open = openaiFunction("openExternal");
  return ask ? (url) => ask({ url }) : open && ((href) => open({ href }));
}

/**
 * Tells the model something without a message in the chat; the next text replaces this one. Undefined where the host
 * cannot.
 */
export function useUpdateModelContext(): ((text: string) => Promise<unknown>) | undefined {
  const ask = useOffered("updateModelContext", "ui/update-model-context");
  const keep = openaiFunction("setWidgetState");
  if (ask) return (text) => ask({ content: [{ type: "text", text }] });
  return keep && ((modelContent) => keep({ ...widgetState(), modelContent }));
}

/** Gives the person a file. Undefined where the host cannot; rejects when it or the person refuses. */
export function useDownloadFile(): ((file: DownloadedFile) => Promise<unknown>) | undefined {
  const ask = useOffered("downloadFile", "ui/download-file");
  return ask && (({ name, mimeType, content }) => {
    const data = typeof content === "string"
      ? { text: content }
      : { blob: btoa(String.fromCharCode(...content)) };
    const resource = { uri: `file:///${encodeURIComponent(name)}`, mimeType, ...data };
    return ask({ contents: [{ type: "resource", resource }] });
  });
}

/** A file of a few kilobytes, made by the widget. */
export interface DownloadedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly content: string | Uint8Array;
}

/** How the widget is shown, and how it could be. */
export interface Display {
  readonly mode: DisplayMode;
  /** Those that the widget declares and the host offers: request no other (VIEW-04). */
  readonly modes: readonly DisplayMode[];
  /** Asks for another mode, and resolves to what the host then says; `mode` changes when the host has done it. */
  request(mode: DisplayMode): Promise<unknown>;
}

/** For a widget whose `defineWidget` names `displayModes`. */
export function useDisplayMode(): Display {
  const { host, context } = useView();
  const ask = openaiFunction("requestDisplayMode");
  const offered = host ? context.availableDisplayModes : ask && declaredModes();
  return {
    mode: declaredModes().find((mode) => mode === context.displayMode) ?? "inline",
    modes: Array.isArray(offered) ? declaredModes().filter((mode) => offered.includes(mode)) : [],
    request: async (mode) => await (host ? host.ask("ui/request-display-mode", { mode }) : ask?.({ mode })),
  };
}

/** What is known about where the widget stands: the host's word, and the browser's where the host says nothing. */
export interface HostFacts {
  readonly theme: "light" | "dark";
  /** BCP 47 */
  readonly locale: string;
  /** CSS pixels that the host draws over */
  readonly safeArea: Readonly<Record<"top" | "right" | "bottom" | "left", number>>;
  /** CSS pixels that the host gives the widget at most; undefined where it has not said. */
  readonly maxHeight: number | undefined;
  /** Whether fingers are what it is used with. */
  readonly touch: boolean;
}

/** The host's surroundings, checked. Theme, language, direction and safe area are on the page without it. */
export function useHostContext(): HostFacts {
  const { theme, locale, ...context } = useView().context;
  const openai = openaiGlobals();
  const insets = asRecord(context.safeAreaInsets);
  const side = (name: string) => Number(insets[name]) || 0;
  const { height, maxHeight = height ?? openai.maxHeight } = asRecord(context.containerDimensions);
  const { touch } = asRecord(context.deviceCapabilities ?? asRecord(openai.userAgent).capabilities);
  const matches = (query: string) => matchMedia(`(${query})`).matches;
  const preferred = matches("prefers-color-scheme: dark") ? "dark" : "light";
  return {
    theme: theme === "dark" || theme === "light" ? theme : preferred,
    locale: knownLocale(locale) ?? navigator.language,
    safeArea: { top: side("top"), right: side("right"), bottom: side("bottom"), left: side("left") },
    maxHeight: Number(maxHeight) || undefined,
    touch: typeof touch === "boolean" ? touch : matches("pointer: coarse"),
  };
}

/** What ChatGPT keeps for this widget: words for the model, and what is the widget's own. */
function widgetState(): Record<string, unknown> {
  return asRecord(openaiGlobals().widgetState);
}

/**
 * Like `useState`, for what the person has done to the view, such as an open page of it. Hosts that keep it
 * (`window.openai.widgetState`) give it back after a reload; elsewhere it begins anew with the tool's result.
 *
 * @param key Names it among the widget's.
 * @param read Makes a value of what was kept, which is not to be trusted: undefined at first.
 */
export function useViewState<T>(
  key: string,
  read: (kept: unknown) => T,
): [value: T, set: (value: T) => void] {
  const kept = () => asRecord(widgetState().privateContent);
  const [value, setValue] = useState(() => read(kept()[key]));
  const set = (next: T) => {
    setValue(() => next);
    const privateContent = { ...kept(), [key]: next };
    void openaiFunction("setWidgetState")?.({ ...widgetState(), privateContent });
  };
  return [value, set];
}
