import { faces } from "../../../src/app/mod.ts";
import { widgetTest as test } from "../../ui/widget_page.ts";

export type { OpenWidget } from "../../ui/widget_page.ts";

/** As the server hands them out. */
const pages = Object.fromEntries(faces.map((face) => [face.descriptor.name, { html: face.read().text }]));

/** A test of the sample's widgets in real Chromium. */
export function widgetTest(name: string, run: Parameters<typeof test>[1]): void {
  test(name, run, pages);
}
