import { NoAnswer, NotExamined } from "./errors.ts";

/** What an examination found out about one question; `unknown` when it could not be asked or seen from outside. */
export type Verdict = "ok" | "warning" | "problem" | "unknown";

/** One answer to the question of a check. */
export interface Finding {
  readonly verdict: Verdict;
  /** What came, in words or quoted. */
  readonly seen: string;
  /** What to change, for whoever runs the server. */
  readonly fix?: string;
}

/** One question to whatever is examined. */
export interface Check<Context> {
  /** Stable, for scripts that read the JSON. */
  readonly id: string;
  /** What it asks about, in a few words. */
  readonly title: string;
  /** What should be seen. */
  readonly expected: string;
  /** Rows of the requirements table. */
  readonly requirements: readonly string[];
  /** @throws NotExamined when the question makes no sense here, NoAnswer when nothing came. */
  run(context: Context): Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>;
}

/** A finding with the check that made it: one line of the report. */
export interface Result extends Finding {
  readonly id: string;
  readonly title: string;
  readonly expected: string;
  readonly requirements: readonly string[];
}

/** It is as it should be. */
export const ok = (seen: string): Finding => ({ verdict: "ok", seen });
/** Some hosts or people will have trouble, or a SHOULD is broken. */
export const warning = (seen: string, fix: string): Finding => ({ verdict: "warning", seen, fix });
/** A MUST is broken, or hosts cannot work with it. */
export const problem = (seen: string, fix: string): Finding => ({ verdict: "problem", seen, fix });
/** Not to be seen from outside; `fix` says what to look at. */
export const unknown = (seen: string, fix?: string): Finding => ({
  verdict: "unknown",
  seen,
  ...(fix !== undefined && { fix }),
});

/** Characters of what a stranger's server said that a report repeats. */
const MAX_SEEN = 300;

/** Asks every question in its order, one at a time, so that no server is pressed. Never rejects. */
export async function examine<Context>(
  checks: readonly Check<Context>[],
  context: Context,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const check of checks) {
    const { id, title, expected, requirements } = check;
    for (const { verdict, seen, fix } of await findings(check, context)) {
      const line = { id, title, expected, requirements, verdict, seen: printable(seen) };
      results.push(fix === undefined ? line : { ...line, fix: printable(fix) });
    }
  }
  return results;
}

async function findings<Context>(check: Check<Context>, context: Context): Promise<readonly Finding[]> {
  try {
    return [await check.run(context)].flat();
  } catch (error) {
    if (error instanceof NotExamined) return [unknown(error.message)];
    if (error instanceof NoAnswer) {
      return [
        problem(`No answer: ${error.message}`, "See why the server does not answer this request at all."),
      ];
    }
    return [unknown(`The examination itself failed: ${error instanceof Error ? error.message : error}`)];
  }
}

/** Control characters of a stranger would act on the terminal. */
function printable(text: string): string {
  const clean = text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  return clean.length > MAX_SEEN ? `${clean.slice(0, MAX_SEEN)}…` : clean;
}
