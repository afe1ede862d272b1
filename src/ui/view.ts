/** A tool's result as the host hands it over; everything in it is untrusted. */
export interface ToolResult {
  readonly content?: unknown;
  readonly structuredContent?: unknown;
  readonly isError?: unknown;
  readonly _meta?: unknown;
}

/** What the host lets a widget do. An action that it does not offer is absent, so that no button leads nowhere (VIEW-11). */
export interface Actions {
  /** Calls a tool of our server. Rejects when the host refuses; a tool's own failure is a result with `isError`. */
  callTool?: (name: string, args: Record<string, unknown>) => Promise<ToolResult>;
  /** Says something in the chat for the user. Rejects when the host did not deliver it. */
  sendMessage?: (text: string) => Promise<void>;
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
  readonly toolInfo?: { readonly tool?: { readonly name?: string; readonly annotations?: unknown } };
}

/** Everything that a widget is drawn from. */
export interface View {
  /** `late`: no result has come for some seconds; it may still come. */
  readonly state: "loading" | "late" | "result" | "cancelled";
  /** The tool's arguments as far as known; while the model is still writing them they are incomplete (VIEW-06). */
  readonly input: Readonly<Record<string, unknown>>;
  readonly result: ToolResult;
  readonly context: HostContext;
  readonly actions: Actions;
}
