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
  /** Whether fingers operate the device, and nothing hovers. */
  readonly touch: boolean;
  readonly safeArea: keyof typeof CHOICES.safeArea;
  /** IANA name; empty for the browser's own. */
  readonly timeZone: string;
}

/** How the page begins. */
export const DEFAULT_SETTINGS: Settings = {
  shell: "chatgpt",
  era: "2025-11-25",
  theme: "system",
  width: 0,
  locale: "en-US",
  touch: false,
  safeArea: "none",
  timeZone: "",
};

/** Sizes of screens in CSS pixels, by their width, with what comes with such a device. */
export const DEVICES: readonly Device[] = [
  { name: "Fits the chat", width: 0, height: 0, touch: false, safeArea: "none" },
  { name: "Phone, 360 × 800", width: 360, height: 800, touch: true, safeArea: "portrait" },
  { name: "Phone, 390 × 844", width: 390, height: 844, touch: true, safeArea: "portrait" },
  { name: "Tablet, 768 × 1024", width: 768, height: 1024, touch: true, safeArea: "none" },
  { name: "Desktop, 1200 × 800", width: 1200, height: 800, touch: false, safeArea: "none" },
];

interface Device extends Pick<Settings, "width" | "touch" | "safeArea"> {
  readonly name: string;
  readonly height: number;
}

/** The settings that come with the device of a width. */
export function onDevice(chosen: number): Pick<Settings, "width" | "touch" | "safeArea"> {
  const { width, touch, safeArea } = DEVICES.find(({ width }) => width === chosen) ?? DEFAULT_SETTINGS;
  return { width, touch, safeArea };
}

/** Parts of the screen that a notch or a bar covers, in CSS pixels. */
export const SAFE_AREAS: Readonly<Record<Settings["safeArea"], SafeArea>> = {
  none: { top: 0, right: 0, bottom: 0, left: 0 },
  portrait: { top: 47, right: 0, bottom: 34, left: 0 },
  landscape: { top: 0, right: 47, bottom: 21, left: 47 },
};

type SafeArea = Readonly<Record<"top" | "right" | "bottom" | "left", number>>;

/** Each setting's choices with their words. */
export const CHOICES = {
  shell: { chatgpt: "ChatGPT-like", generic: "Generic" },
  era: { "2025-11-25": "2025-11-25", "2026-07-28": "2026-07-28" },
  theme: { system: "System", light: "Light", dark: "Dark" },
  width: { 0: "Fit", 360: "360", 390: "390", 768: "768", 1200: "1200" },
  locale: { "en-US": "en-US", "de-DE": "de-DE", "es-ES": "es-ES", "ja-JP": "ja-JP", "ar-EG": "ar-EG" },
  touch: { false: "Mouse", true: "Touch" },
  safeArea: { none: "None", portrait: "Notch, upright", landscape: "Notch, on its side" },
  timeZone: {
    "": "The browser's",
    "UTC": "UTC",
    "America/Los_Angeles": "Los Angeles",
    "Europe/Berlin": "Berlin",
    "Asia/Kolkata": "Kolkata",
    "Pacific/Auckland": "Auckland",
  },
  display: { inline: "In the chat", fullscreen: "Fullscreen", pip: "Picture in picture" },
} as const;

/** What ChatGPT tells a tool about its caller (OAI-18); hints, never access. */
export function hints({ shell, locale }: Settings): Record<string, unknown> {
  if (shell === "generic") return {};
  return { "openai/locale": locale, "openai/userAgent": "playground", "openai/subject": "v1/playground" };
}
