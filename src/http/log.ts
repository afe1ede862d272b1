import {
  configure,
  getAnsiColorFormatter,
  getConsoleSink,
  getTextFormatter,
  jsonLinesFormatter,
  type LogLevel,
  type LogRecord,
  type Sink,
} from "@logtape/logtape";
import { EMAIL_ADDRESS_PATTERN, JWT_PATTERN, redactByField, redactByPattern } from "@logtape/redaction";

/** Names of fields whose values never reach a log, wherever they turn up (AUTH-24). */
const SECRET_FIELDS = [/token|secret|password|authorization|cookie|verifier|assertion|^code$/i];
/** An opaque token or a key in a sentence. */
const CREDENTIAL_PATTERN = { pattern: /\b(bearer|basic)\s+[^\s",]+/gi, replacement: "$1 [REDACTED]" };
/** Tried only where a local part can begin: from each of its letters, a long word takes quadratic time. */
const EMAIL_PATTERN = {
  pattern: new RegExp(`(?<![\\p{L}0-9.!#$%&'*+/=?^_\`{|}~-])${EMAIL_ADDRESS_PATTERN.pattern.source}`, "gu"),
  replacement: EMAIL_ADDRESS_PATTERN.replacement,
};

/** A value that a caller chose must be short before any pattern is tried on it. */
const MAX_VALUE_LENGTH = 500;
/** Of an error's stack, whose longest line is a path of ours. */
const MAX_STACK_LENGTH = 3_000;
const MAX_MEMBERS = 50;
const MAX_DEPTH = 4;
const CUT = "…";
/** A token or an e-mail address that the cut left too short for its own pattern. */
const CUT_PATTERN = { pattern: /(?:eyJ|[^\s"@]{1,64}@)[^\s"…]*…/g, replacement: `[REDACTED]${CUT}` };

/** Sets up the logs of the process: one line an event, secrets redacted by field and by shape. */
export async function configureLogs(
  { level, format }: { readonly level: LogLevel; readonly format: "pretty" | "json" },
): Promise<void> {
  await configure({
    reset: true,
    sinks: { console: redacted(getConsoleSink({ formatter: redactedFormatter(format) })) },
    loggers: [
      { category: "mcp", lowestLevel: level, sinks: ["console"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["console"] },
    ],
  });
}

/** Wraps a sink, so that it never sees the values of secret fields, nor more of a value than a line should hold. */
export function redacted(sink: Sink): Sink {
  const withoutSecrets = redactByField(sink, { fieldPatterns: SECRET_FIELDS, action: () => "[REDACTED]" });
  return (record) => withoutSecrets(bounded(record));
}

function bounded(record: LogRecord): LogRecord {
  const { rawMessage } = record;
  return {
    ...record,
    message: record.message.map((part) => boundedValue(part)),
    rawMessage: typeof rawMessage === "string" ? cut(rawMessage) : rawMessage,
    properties: boundedMembers(record.properties, 0),
  };
}

function boundedValue(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return cut(value);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (depth === MAX_DEPTH) return CUT;
  if (value instanceof Error) return boundedError(value, depth);
  if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((item) => boundedValue(item, depth + 1));
  return boundedMembers(value, depth);
}

function boundedMembers(value: object, depth: number): Record<string, unknown> {
  const members = Object.entries(value).slice(0, MAX_MEMBERS);
  return Object.fromEntries(members.map(([name, member]) => [cut(name), boundedValue(member, depth + 1)]));
}

/** Name, message, stack, code and causes of an error; drivers hang rows and whole requests on it as well. */
function boundedError(error: Error, depth: number): Error {
  const { message, stack = "", cause } = error;
  const name = cut(error.name);
  const copy = new Error(cut(message), cause === undefined ? {} : { cause: boundedValue(cause, depth + 1) });
  // The stack begins with the message; what is worth keeping is where it came from.
  const frames = stack.slice(Math.max(stack.indexOf(message), 0) + message.length);
  Object.defineProperty(copy, "name", { value: name });
  copy.stack = `${name}: ${copy.message}${cut(frames, MAX_STACK_LENGTH)}`;
  if ("code" in error) Object.assign(copy, { code: boundedValue(error.code, depth + 1) });
  if (error instanceof AggregateError) {
    Object.assign(copy, { errors: boundedValue(error.errors, depth + 1) });
  }
  return copy;
}

function cut(text: string, length = MAX_VALUE_LENGTH): string {
  return text.length > length ? text.slice(0, length) + CUT : text;
}

function redactedFormatter(format: "pretty" | "json") {
  const patterns = [JWT_PATTERN, EMAIL_PATTERN, CREDENTIAL_PATTERN, CUT_PATTERN];
  return redactByPattern(
    format === "pretty" ? getAnsiColorFormatter({ value: plain }) : jsonLine,
    patterns,
  );
}

/** The sentence of a line; where an error came from is among the properties. */
const sentence = getTextFormatter({
  timestamp: "none",
  format: ({ message }) => message,
  value: (value, inspect) => plain(value instanceof Error ? String(value) : value, inspect),
});

function jsonLine(record: LogRecord): string {
  return jsonLinesFormatter({ ...record, message: [sentence(record).trimEnd()] });
}

/** Plain words stand without quotes; all else is escaped, so that nothing a caller sends can look like another line. */
function plain(value: unknown, inspect: (value: unknown) => string): string {
  return typeof value === "string" && /^[\x20-\x7e]*$/.test(value) ? value : inspect(value);
}
