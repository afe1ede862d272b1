import { assertAccessible, CONTRAST } from "../axe.ts";
import type { OpenWidget } from "./widget_page.ts";

/** Asserts that axe objects to nothing in a widget as it is now, in a light host and in a dark one. */
export async function assertAccessibleInBothThemes(
  { frame, send }: OpenWidget,
  where: string,
): Promise<void> {
  const setTheme = (theme: string) =>
    send({ method: "ui/notifications/host-context-changed", params: { theme } });
  await setTheme("light");
  await assertAccessible(frame, `${where}, light`);
  await setTheme("dark");
  await assertAccessible(frame, `${where}, dark`, CONTRAST);
}
