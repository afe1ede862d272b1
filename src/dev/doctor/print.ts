import type { Result, Verdict } from "./check.ts";
import { counted } from "./json.ts";

/** What was examined, and what was found. */
export interface Report {
  /** A URL, or what else was looked at. */
  readonly target: string;
  readonly results: readonly Result[];
}

const MARKS: Readonly<Record<Verdict, string>> = {
  ok: "ok      ",
  warning: "warning ",
  problem: "PROBLEM ",
  unknown: "unknown ",
};

/** Headings, by the part of an id before the dot. */
const GROUPS: Readonly<Record<string, string>> = {
  config: "Configuration",
  transport: "HTTP",
  eras: "Revisions of the protocol",
  tools: "Tools and resources",
  guard: "Hosts, origins, browsers",
  metadata: "Protected resource metadata",
  access: "Access",
  widgets: "Widgets",
  issuer: "Authorization server",
  auth0: "Auth0, step by step",
  review: "Review, as people report who have submitted apps; the directories' own pages were not at hand",
  token: "Access token (sent nowhere but here)",
};

/** The report for people: one line a finding, and under it what was expected and what to do, unless all is well. */
export function asText({ target, results }: Report): string {
  let group: string | undefined;
  const lines = results.flatMap(({ verdict, title, seen, expected, fix, requirements, id }) => {
    const [prefix = ""] = id.split(".");
    const heading = prefix === group ? [] : ["", GROUPS[prefix] ?? prefix];
    group = prefix;
    const head = `${MARKS[verdict]} ${title}: ${seen}  [${[id, ...requirements].join(" ")}]`;
    const rest = [
      ...(verdict === "warning" || verdict === "problem" ? [`expected: ${expected}`] : []),
      ...(fix === undefined ? [] : [`fix: ${fix}`]),
    ];
    return [...heading, head, ...rest.map((line) => `${" ".repeat(MARKS.ok.length + 1)}${line}`)];
  });
  return [`Examining ${target}`, ...lines, "", summary(results)].join("\n");
}

/** The report for programs. */
export function asJson({ target, results }: Report): string {
  return JSON.stringify({ target, counts: count(results), results }, undefined, 2);
}

/** Whether anything was found that has to be mended. */
export function hasProblem({ results }: Report): boolean {
  return results.some(({ verdict }) => verdict === "problem");
}

function summary(results: readonly Result[]): string {
  const { ok, warning, problem, unknown } = count(results);
  return [
    counted(problem, "problem"),
    counted(warning, "warning"),
    `${ok} ok`,
    `${unknown} not seen from here`,
  ]
    .join(", ");
}

function count(results: readonly Result[]): Record<Verdict, number> {
  const counts = { ok: 0, warning: 0, problem: 0, unknown: 0 };
  for (const { verdict } of results) counts[verdict]++;
  return counts;
}
