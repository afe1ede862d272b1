/**
 * Shows how much later a widget is drawn than the same data in a page by hand, without framework: medians of the time
 * from the start of a frame's navigation to the frame in which the data is painted, in real Chromium and in turn. Both
 * have the same styles, skeleton, handshake, words and elements; the page by hand gets its drawings finished. Run it
 * with `deno run --allow-all tests/app/bench/widget_bench.ts`.
 */
import { bundle } from "../../../src/dev/widgets/bundle.ts";
import { widgets } from "../../../src/app/widgets.gen.ts";
import { page } from "../../../src/dev/widgets/page.ts";
import { styleSheet } from "../../../src/dev/widgets/widgets.ts";
import type { HostMessage } from "../../../src/ui/mod.ts";
import { muchData } from "../widgets/much_data.ts";
import { isMet, machine, median, type Row, table } from "../../bench/report.ts";
import { openStage, type Painted, type Stage } from "./widget_paint.ts";

const ROUNDS = 21;
const WARM_UP = 3;
const MOST = 1.3;

/** What a page shows: its words, and of how many elements it is made. */
async function contentOf({ frame }: Painted): Promise<string> {
  const count = await frame.locator("#root *").count();
  return `${count} elements: ${(await frame.innerText("#root")).replaceAll(/\s+/g, " ")}`;
}

function drawingsOf({ frame }: Painted): Promise<string[]> {
  return frame.locator(".slice").evaluateAll((drawings) => drawings.map(({ outerHTML }) => outerHTML));
}

/** The page by hand with the drawings of the widget. */
async function plainPage(name: string, drawings: readonly string[]): Promise<string> {
  const style = await styleSheet(new URL("../../../widgets/", import.meta.url), name);
  const script = await bundle(new URL(`plain/${name}.ts`, import.meta.url));
  return page(name, style, `const drawings = ${JSON.stringify(drawings)};${script}`);
}

async function measure(stage: Stage, name: keyof typeof widgets, result: HostMessage): Promise<Row> {
  stage.put("widget", widgets[name].html);
  stage.put("plain", await plainPage(name, await stage.perform("widget", result, drawingsOf)));
  const [ours, plain] = [
    await stage.perform("widget", result, contentOf),
    await stage.perform("plain", result, contentOf),
  ];
  if (ours !== plain) {
    throw new Error(`plain/${name}.ts shows something else than the widget:\n${plain}\n${ours}`);
  }

  const times = { widget: [] as number[], plain: [] as number[] };
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const kind of ["widget", "plain"] as const) {
      const time = await stage.perform(kind, result, ({ milliseconds }) => Promise.resolve(milliseconds));
      if (round >= 0) times[kind].push(time);
    }
  }
  return {
    name,
    ours: `${median(times.widget).toFixed(0)} ms`,
    other: `without framework ${median(times.plain).toFixed(0)} ms`,
    ratio: median(times.widget) / median(times.plain),
    target: { at: "most", value: MOST },
  };
}

async function main(): Promise<boolean> {
  await using stage = await openStage();
  const rows: Row[] = [];
  for (const { name } of Object.values(widgets)) rows.push(await measure(stage, name, muchData()[name]!));
  console.log(`${machine()}; medians of ${ROUNDS} rounds\n\n${table(rows)}`);
  return rows.every(isMet);
}

if (import.meta.main && !await main()) Deno.exit(1);
