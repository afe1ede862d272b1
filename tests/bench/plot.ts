/** What one server reaches of the floor, from 0 to 1. */
export interface Bar {
  readonly name: string;
  readonly anonymous: number;
  readonly signedIn: number;
  /** Ours is drawn in another colour. */
  readonly own: boolean;
}

const LABELS = 225;
const WIDTH = 720;
const ROW = 40;
const TOP = 92;

/** A drawing of the bars, the longest first, that can be read on light and on dark. */
export function plot(bars: readonly Bar[]): string {
  const sorted = bars.toSorted((a, b) => b.signedIn - a.signedIn);
  const longest = Math.max(1, ...bars.flatMap(({ anonymous, signedIn }) => [anonymous, signedIn]));
  const length = (value: number) => (value / longest * (WIDTH - LABELS - 60)).toFixed(1);
  const bar = (value: number, y: number, kind: string) =>
    `<rect class="${kind}" x="${LABELS}" y="${y}" width="${length(value)}" height="13" rx="2"/>` +
    `<text x="${LABELS + Number(length(value)) + 6}" y="${y + 11}">${value.toFixed(2)}</text>`;
  const rows = sorted.map(({ name, anonymous, signedIn, own }, index) => {
    const y = TOP + index * ROW;
    return `<g${own ? ' class="own"' : ""}>
<text x="${LABELS - 10}" y="${y + 20}" text-anchor="end">${escaped(name)}</text>
${bar(signedIn, y, "signed-in")}
${bar(anonymous, y + 15, "anonymous")}
</g>`;
  });
  const floor = LABELS + Number(length(1));
  const height = TOP + sorted.length * ROW + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">
<title id="title">Answers per second, as a share of a server that only parses and writes; higher is better</title>
<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.own text { font-weight: 600; }
.floor { stroke: #57606a; stroke-dasharray: 4 3; }
.signed-in { fill: #57606a; }
.anonymous { fill: #8c959f; }
.own .signed-in { fill: #0550ae; }
.own .anonymous { fill: #218bff; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.floor { stroke: #9198a1; }
.signed-in { fill: #c9d1d9; }
.anonymous { fill: #6e7681; }
.own .signed-in { fill: #79c0ff; }
.own .anonymous { fill: #1f6feb; }
}
</style>
<text x="10" y="20">Answers per second, as a share of the floor: a server that only parses the question and writes an</text>
<text x="10" y="36">answer of the same size. Higher is better.</text>
<rect class="signed-in" x="10" y="52" width="12" height="12" rx="2"/><text x="28" y="62">signed in, 1 token</text>
<rect class="anonymous" x="150" y="52" width="12" height="12" rx="2"/><text x="168" y="62">anonymous</text>
<line class="floor" x1="${floor}" y1="${TOP - 12}" x2="${floor}" y2="${height - 8}"/>
<text x="${floor}" y="${TOP - 18}" text-anchor="middle">floor 1.00</text>
${rows.join("\n")}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
