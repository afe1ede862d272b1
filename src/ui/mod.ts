/**
 * The browser side of widgets, the one door through which they import: connection to the host, what all widgets look
 * like and say, and helpers for data that is not to be trusted.
 */
export { type Ask, AskButton } from "./ask_button.tsx";
export { connect } from "./connect.ts";
export { needsSignIn, records, text, texts } from "./data.ts";
export { Frame, type Words } from "./frame.tsx";
export { type Dates, datesIn, directionOf, knownLocale } from "./locale.ts";
export { Notice } from "./notice.tsx";
export { isRecord } from "./rpc.ts";
export { Step, Steps } from "./steps.tsx";
export {
  type Display,
  type DownloadedFile,
  type HostFacts,
  useDisplayMode,
  useDownloadFile,
  useHostContext,
  useOpenLink,
  useUpdateModelContext,
  useViewState,
} from "./use_host.ts";
export { type Page, usePages } from "./use_pages.ts";
export { type ToolCalls, useToolCalls } from "./use_tool_calls.ts";
export type { Actions, DisplayMode, Host, HostContext, OnProgress, ToolResult, View } from "./view.ts";
export { type CommonWords, ENGLISH, useWords } from "./use_words.ts";
export { renderWidget, useView } from "./widget.tsx";
/** For samples, which a preview shows. */
export type { HostMessage } from "./view.ts";
