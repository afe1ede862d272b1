/** One measurement as the table shows it. */
export interface Row {
  readonly name: string;
  readonly ours: string;
  readonly other: string;
  /** The ratio that the target is about. */
  readonly ratio: number;
  readonly target?: { readonly at: "least" | "most"; readonly value: number };
}

/** The middle value; of an even number of values the upper one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Whether a row keeps what was promised; one without a target always does. */
export function isMet({ ratio, target }: Row): boolean {
  if (!target) return true;
  return target.at === "least" ? ratio >= target.value : ratio <= target.value;
}

/** The rows as a Markdown table. */
export function table(rows: readonly Row[]): string {
  const cells = [
    ["what", "ours", "compared with", "ratio", "target", ""],
    ...rows.map((row) => [row.name, row.ours, row.other, row.ratio.toFixed(2), goal(row), verdict(row)]),
  ];
  return markdown(cells);
}

/** Cells as a Markdown table, the first row its head, the columns padded. */
export function markdown(cells: readonly (readonly string[])[]): string {
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map((row) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`
  );
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

function goal({ target }: Row): string {
  return target ? `at ${target.at} ${target.value}` : "";
}

function verdict(row: Row): string {
  if (!row.target) return "";
  return isMet(row) ? "met" : "MISSED";
}

/** What the numbers were measured on. */
export function machine(): string {
  const model = /^model name\s*: (.+)$/m.exec(cpuInfo())?.[1] ?? Deno.build.arch;
  return `${model}, ${navigator.hardwareConcurrency} cores, Deno ${Deno.version.deno}, ${Deno.build.os}`;
}

function cpuInfo(): string {
  try {
    return Deno.readTextFileSync("/proc/cpuinfo");
  } catch {
    return "";
  }
}
