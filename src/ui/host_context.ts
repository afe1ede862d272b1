import { directionOf, knownLocale } from "./locale.ts";
import { asRecord } from "./rpc.ts";
import type { DisplayMode, HostContext } from "./view.ts";

/** How the widget can be shown: what `defineWidget` has written into the page. */
export function declaredModes(): readonly DisplayMode[] {
  return (document.documentElement.dataset.displayModes ?? "inline").split(" ") as DisplayMode[];
}

/** Puts the host's look and language on the page; theme.css has a fallback of its own for each variable (VIEW-09). */
export function applyContext({ theme, styles, safeAreaInsets, locale }: HostContext): void {
  const page = document.documentElement;
  const language = knownLocale(locale);
  if (language) {
    page.lang = language;
    page.dir = directionOf(language);
  }
  if (theme === "light" || theme === "dark") page.style.colorScheme = theme;
  for (const [key, value] of Object.entries(asRecord(styles?.variables))) {
    if (key.startsWith("--") && typeof value === "string") page.style.setProperty(key, value);
  }
  for (const [side, pixels] of Object.entries(asRecord(safeAreaInsets))) {
    page.style.setProperty(`--safe-${side}`, `${Number(pixels) || 0}px`);
  }
}
