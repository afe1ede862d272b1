/** Which kind of host the page acts as. */
export type Shell = "chatgpt" | "generic";

/** A revision of MCP, for one of its two eras. */
export type Era = "2025-11-25" | "2026-07-28";

/** What the person can switch. */
export interface Settings {
  readonly shell: Shell;
  readonly era: Era;
  readonly theme: "system" | "light" | "dark";
  /** CSS pixels that a widget gets; 0 for all there is. */
  readonly width: number;
  /** BCP 47. */
  readonly locale: string;
}

/** How the page begins. */
export const DEFAULT_SETTINGS: Settings = {
  shell: "chatgpt",
  era: "2025-11-25",
  theme: "system",
  width: 0,
  locale: "en-US",
};

/** Each setting's choices with their words. */
export const CHOICES = {
  shell: { chatgpt: "ChatGPT-like", generic: "Generic" },
  era: { "2025-11-25": "2025-11-25", "2026-07-28": "2026-07-28" },
  theme: { system: "System", light: "Light", dark: "Dark" },
  width: { 0: "Fit", 360: "360", 768: "768", 1200: "1200" },
  locale: { "en-US": "en-US", "de-DE": "de-DE", "ja-JP": "ja-JP", "ar-EG": "ar-EG" },
} as const;

/** What ChatGPT tells a tool about its caller (OAI-18); hints, never access. */
export function hints({ shell, locale }: Settings): Record<string, unknown> {
  if (shell === "generic") return {};
  return { "openai/locale": locale, "openai/userAgent": "playground", "openai/subject": "v1/playground" };
}
