import { bundle } from "../../src/dev/widgets/bundle.ts";
import { page } from "../../src/dev/widgets/page.ts";
import { sha256 } from "../../src/dev/widgets/source_hash.ts";
import { styleSheet } from "../../src/dev/widgets/widgets.ts";
import { chromiumAvailable } from "../chromium.ts";
import { widgetTest } from "./widget_page.ts";

const folder = new URL("./fixture/", import.meta.url);

/** The widget in `fixture/`, built as `deno task build` does. */
async function build() {
  const html = page("notes", await styleSheet(folder, "notes"), await bundle(new URL("notes.tsx", folder)));
  return { name: "notes", hash: (await sha256(html)).slice(0, 12), html };
}

/** By name; empty where no browser may be started, as all tests of it are ignored then. */
export const notesWidget = chromiumAvailable ? { notes: await build() } : undefined;

/** A test of the widget of notes in real Chromium. */
export function notesTest(name: string, run: Parameters<typeof widgetTest>[1]): void {
  widgetTest(name, run, notesWidget ?? {});
}
