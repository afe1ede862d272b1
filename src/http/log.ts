import {
  configure,
  getAnsiColorFormatter,
  getConsoleSink,
  jsonLinesFormatter,
  type LogLevel,
  type Sink,
} from "@logtape/logtape";
import { EMAIL_ADDRESS_PATTERN, JWT_PATTERN, redactByField, redactByPattern } from "@logtape/redaction";

/** Names of fields whose values never reach a log, wherever they turn up (AUTH-24). */
const SECRET_FIELDS = [
  /token/i,
  /secret/i,
  /password/i,
  /authorization/i,
  /cookie/i,
  /verifier/i,
  /assertion/i,
  /^code$/i,
];
/** An opaque token or a key in a sentence. */
const CREDENTIAL_PATTERN = { pattern: /\b(bearer|basic)\s+[^\s",]+/gi, replacement: "$1 [REDACTED]" };

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

/** Wraps a sink, so that it never sees the values of secret fields. */
export function redacted(sink: Sink): Sink {
  return redactByField(sink, { fieldPatterns: SECRET_FIELDS, action: () => "[REDACTED]" });
}

function redactedFormatter(format: "pretty" | "json") {
  const patterns = [JWT_PATTERN, EMAIL_ADDRESS_PATTERN, CREDENTIAL_PATTERN];
  return redactByPattern(
    format === "pretty" ? getAnsiColorFormatter({ value: plain }) : jsonLinesFormatter,
    patterns,
  );
}

/** Plain words stand without quotes; all else is escaped, so that nothing a caller sends can look like another line. */
function plain(value: unknown, inspect: (value: unknown) => string): string {
  return typeof value === "string" && /^[\x20-\x7e]*$/.test(value) ? value : inspect(value);
}
