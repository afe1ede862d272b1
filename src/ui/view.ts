/** A notification as a host sends it to a widget; for the samples of a preview. */
export interface HostMessage {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A tool's result as the host hands it over; everything in it is untrusted. */
export interface ToolResult {
  readonly content?: unknown;
  readonly structuredContent?: unknown;
  readonly isError?: unknown;
  readonly _meta?: unknown;
}

/** How far a call is; everything in it is untrusted. */
export type OnProgress = (
  step: { readonly progress?: unknown; readonly total?: unknown; readonly message?: unknown },
) => void;

/** What the host lets a widget do. An action that it does not offer is absent, so that no button leads nowhere (VIEW-11). */
export interface Actions {
  /** Calls a tool of our server. Rejects when the host refuses; a tool's own failure is a result with `isError`. */
  callTool?: (name: string, args: Record<string, unknown>, onProgress?: OnProgress) => Promise<ToolResult>;
  /** Says something in the chat for the user. Rejects when the host did not deliver it. */
  sendMessage?: (text: string) => Promise<unknown>;
  /** Repeats the call that this widget shows, and shows the new result. */
  retry?: () => void;
}

/** The part of MCP Apps' host context that widgets use. A host may leave out any of it. */
export interface HostContext {
  readonly theme?: unknown;
  /** BCP 47 */
  readonly locale?: unknown;
  /** IANA name */
  readonly timeZone?: unknown;
  readonly styles?: { readonly variables?: unknown };
  /** CSS pixels that the host draws over, by side */
  readonly safeAreaInsets?: unknown;
  /** How the widget is shown now, and how it could be. */
  readonly displayMode?: unknown;
  readonly availableDisplayModes?: unknown;
  /** In CSS pixels: `width` and `height` or `maxWidth` and `maxHeight` */
  readonly containerDimensions?: unknown;
  readonly deviceCapabilities?: unknown;
  readonly toolInfo?: { readonly tool?: { readonly name?: string; readonly annotations?: unknown } };
}

/** How much room a host gives a widget: in the conversation, all of it, or a small window that stays on top. */
export type DisplayMode = "inline" | "fullscreen" | "pip";

/** An MCP Apps host, for what only some widgets need of it. */
export interface Host {
  /** What it says that it can; everything in it is untrusted. */
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** Makes a request; rejects when the host refuses. */
  ask(method: string, params: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** Everything that a widget is drawn from. */
export interface View {
  /** `late`: no result has come for some seconds; it may still come. */
  readonly state: "loading" | "late" | "result" | "cancelled";
  /** The tool's arguments as far as known; while the model is still writing them they are incomplete (VIEW-06). */
  readonly input: Readonly<Record<string, unknown>>;
  readonly inputComplete: boolean;
  readonly result: ToolResult;
  readonly context: HostContext;
  readonly actions: Actions;
  /** Undefined until it answers, and outside of MCP Apps. */
  readonly host: Host | undefined;
}

/** What a widget is drawn from before anything is known. */
export const FIRST_VIEW: View = {
  state: "loading",
  input: {},
  inputComplete: false,
  result: {},
  context: {},
  actions: {},
  host: undefined,
};
