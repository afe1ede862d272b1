import seen from "../mutation/seen.json" with { type: "json" };
import { type Requirement, requirements } from "../requirements.ts";
import { type Citation, isTest, readCitations } from "./citations.ts";

/** Requirements that bind us and that no test cites. */
export function untested(rows: readonly Requirement[], citations: readonly Citation[]): Requirement[] {
  const tested = new Set(citations.filter(isTest).map(({ id }) => id));
  return rows.filter(({ id, notApplicable }) => notApplicable === undefined && !tested.has(id));
}

/**
 * Each requirement with the tests that cite it, or those without any only, and how many there are.
 *
 * @param seen The ids of those of which a mutation of the code has made a test fail.
 */
export function table(
  rows: readonly Requirement[],
  citations: readonly Citation[],
  seen: ReadonlySet<string>,
  missingOnly = false,
): string {
  const missing = untested(rows, citations);
  const lines = (missingOnly ? missing : rows).flatMap(({ id, level, sentence, notApplicable }) => {
    const tests = citations.filter((citation) => citation.id === id && isTest(citation));
    return [
      `${id.padEnd(8)}  ${level.padEnd(11)}  ${sentence}`,
      ...tests.map(({ file, line, name }) => `${" ".repeat(23)}${file}:${line}  ${name}`),
      ...(seen.has(id) ? [`${" ".repeat(23)}a mutation has made a test of it fail`] : []),
      ...(notApplicable === undefined ? [] : [`${" ".repeat(23)}not applicable: ${notApplicable}`]),
    ];
  });
  const notApplicable = rows.filter((row) => row.notApplicable !== undefined).length;
  const musts = rows.filter((row) => isMust(row) && row.notApplicable === undefined);
  const tested = rows.length - notApplicable - missing.length;
  return [
    ...lines,
    "",
    `${rows.length} requirements: ${tested} cited by tests, ${notApplicable} not applicable, ${missing.length} without a test` +
    ` (${missing.filter(isMust).length} of them a MUST)`,
    `A mutation has made a test fail of ${
      musts.filter(({ id }) => seen.has(id)).length
    } of the ${musts.length} MUST that apply.`,
  ].join("\n");
}

/** Whether a specification or a host insists, rather than advises. */
export function isMust({ level }: Requirement): boolean {
  return level.includes("MUST");
}

if (import.meta.main) {
  const citations = await readCitations(new URL("../../", import.meta.url));
  const ids = new Set(Object.values(seen).flat());
  console.log(table(requirements, citations, ids, Deno.args.includes("--missing")));
}
