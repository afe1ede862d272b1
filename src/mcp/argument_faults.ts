import type { z } from "zod";

/** How many of the arguments' faults are told at once. */
const MAX_FAULTS = 5;
const MAX_VALUES = 20;
const MAX_LENGTH = 1_000;

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

const FORMATS: Readonly<Record<string, string>> = {
  email: "an e-mail address",
  url: "a URL",
  uuid: "a UUID",
  date: "a date such as 2026-11-24",
  datetime: "a date and time such as 2026-11-24T12:00:00Z",
};

/**
 * Says what an argument must be, in words that follow its name: "must be text of at most 200 characters". For Zod's
 * `error` option, so a message that the schema brings itself goes first; it should follow the name as well.
 */
export function expectation(issue: z.core.$ZodRawIssue): string {
  const phrase = phraseFor(issue);
  return issue.code === "invalid_type" && issue.input === undefined ? `is missing; it ${phrase}` : phrase;
}

function phraseFor(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPES[issue.expected] ?? "of another type"}`;
    case "too_big":
      return sized(issue, issue.inclusive ? "at most" : "less than", issue.maximum);
    case "too_small":
      return sized(issue, issue.inclusive ? "at least" : "more than", issue.minimum);
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_value":
      return `must be ${oneOf(issue.values)}`;
    case "invalid_format": {
      const format = FORMATS[issue.format];
      return format ? `must be ${format}` : "must have the form that its description asks for";
    }
    case "invalid_union":
      return anyOf(issue.errors) ?? "does not fit its description";
    default:
      return "does not fit its description";
  }
}

/** "must be text or a number", where each of the choices says as much in one fault. */
function anyOf(choices: readonly (readonly z.core.$ZodIssue[])[]): string | undefined {
  const phrases = choices.map(([fault, ...others]) => others.length === 0 ? fault?.message : undefined);
  if (phrases.length === 0 || !phrases.every((phrase) => phrase?.startsWith("must be "))) return undefined;
  return phrases.join(" or ").replaceAll(" or must be ", " or ");
}

function sized(
  { origin, exact }: { readonly origin: string; readonly exact?: boolean },
  comparison: string,
  limit: number | bigint | undefined,
): string {
  const amount = `${exact ? "exactly" : comparison} ${limit}`;
  const plural = limit === 1 ? "" : "s";
  if (origin === "string") return `must be text of ${amount} character${plural}`;
  if (origin === "array" || origin === "set") return `must be a list of ${amount} item${plural}`;
  return `must be ${amount}`;
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_VALUES).map((value) =>
    typeof value === "string" ? `"${value}"` : String(value)
  );
  const more = values.length > shown.length ? ", or another one of its description" : "";
  return shown.length === 1 ? shown[0]! : `one of ${shown.join(", ")}${more}`;
}

/**
 * Puts the faults of arguments into sentences for people and models. They name arguments and what is expected, and
 * quote nothing that the caller sent.
 *
 * @param issues Whose messages come from {@linkcode expectation} or from the schema.
 * @param names Every name that the schema gives to an argument or to a member of one.
 * @param top The names of the arguments themselves.
 */
export function describeFaults(
  issues: readonly z.core.$ZodIssue[],
  names: ReadonlySet<string>,
  top: readonly string[],
): string {
  const sentences = issues.slice(0, MAX_FAULTS).map((issue) => {
    const subject = subjectOf(issue.path, names);
    if (issue.code !== "unrecognized_keys") return `${subject ?? "The arguments"} ${issue.message}.`;
    if (subject !== undefined) return `${subject} has a member that is not known.`;
    return top.length > 0 ? `The only arguments are ${top.join(", ")}.` : "There are no arguments.";
  });
  const more = issues.length - sentences.length;
  if (more > 0) sentences.push(`${more} more ${more === 1 ? "argument does" : "arguments do"} not fit.`);
  return sentences.join(" ").slice(0, MAX_LENGTH);
}

/** Names the argument, as far as the names are the schema's and not the caller's, such as the keys of a record. */
function subjectOf(path: readonly PropertyKey[], names: ReadonlySet<string>): string | undefined {
  let subject: string | undefined;
  for (const step of path) {
    if (typeof step === "number") subject = `${subject}[${step}]`;
    else if (typeof step === "string" && names.has(step)) subject = subject ? `${subject}.${step}` : step;
    else return `An entry of ${subject}`;
  }
  return subject;
}
