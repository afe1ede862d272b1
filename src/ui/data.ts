import { isRecord } from "./rpc.ts";
import type { ToolResult } from "./view.ts";

/** Longest text shown; a longer one is cut with an ellipsis. */
const longest = 240;

/** A field as text that is safe to lay out: never anything but a string, never endless. `""` when it is not text. */
export function text(value: unknown): string {
  if (typeof value !== "string") return "";
  const trimmed = value.trim();
  return trimmed.length <= longest
    ? trimmed
    : `${Array.from(trimmed.slice(0, longest)).slice(0, -1).join("")}…`;
}

/** A field as a list of non-empty texts. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text).filter(Boolean) : [];
}

/** A field as a list of objects. */
export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The text blocks of a result as one text. */
export function errorText(result: ToolResult): string {
  return text(records(result.content).map((block) => text(block.text)).filter(Boolean).join(" "));
}

/** Whether a result says that the person has to sign in first (OAI-05). */
export function needsSignIn(result: ToolResult): boolean {
  return Boolean(result.isError) && isRecord(result._meta) && Boolean(result._meta["mcp/www_authenticate"]);
}
