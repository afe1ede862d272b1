import { widgets } from "../../../src/app/widgets.gen.ts";
import { widgetTest as test } from "../../ui/widget_page.ts";

export type { OpenWidget } from "../../ui/widget_page.ts";

/** A test of the sample's widgets in real Chromium. */
export function widgetTest(name: string, run: Parameters<typeof test>[1]): void {
  test(name, run, widgets);
}
