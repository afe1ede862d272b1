/// <reference lib="dom" />
import { isRecord } from "./rpc.ts";

/** The part of MCP Apps' host context that our widgets use. A host may leave out any of it. */
export interface HostContext {
  readonly theme?: unknown;
  /** BCP 47 */
  readonly locale?: unknown;
  /** IANA name */
  readonly timeZone?: unknown;
  readonly styles?: { readonly variables?: unknown };
  /** CSS pixels that the host draws over, by side */
  readonly safeAreaInsets?: unknown;
  readonly toolInfo?: { readonly tool?: { readonly name?: string } };
}

/** Puts the host's look on the page; theme.css has a fallback of its own for each variable (VIEW-09). */
export function applyContext({ theme, styles, safeAreaInsets }: HostContext): void {
  const { style } = document.documentElement;
  if (theme === "light" || theme === "dark") style.colorScheme = theme;
  for (const [key, value] of Object.entries(isRecord(styles?.variables) ? styles.variables : {})) {
    if (key.startsWith("--") && typeof value === "string") style.setProperty(key, value);
  }
  for (const [side, pixels] of Object.entries(isRecord(safeAreaInsets) ? safeAreaInsets : {})) {
    style.setProperty(`--safe-${side}`, `${Number(pixels) || 0}px`);
  }
}
