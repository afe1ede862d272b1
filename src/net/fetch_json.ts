import { readBounded, TooLarge } from "./read_bounded.ts";

/** What became of a request for a JSON object. */
export type JsonOutcome =
  | { readonly kind: "json"; readonly value: Readonly<Record<string, unknown>> }
  /** Another status than 200, with the JSON object of a 4xx where it was asked for. */
  | { readonly kind: "status"; readonly status: number; readonly value?: Readonly<Record<string, unknown>> }
  /** 200 with something else than a JSON object of at most `MAX_BYTES`. */
  | { readonly kind: "unusable"; readonly reason: string }
  /** No answer, or none in time. */
  | { readonly kind: "unreachable"; readonly reason: string };

const MAX_BYTES = 1024 * 1024;
const TIMEOUT_MS = 5_000;

/**
 * Fetches one JSON object, without following redirects, within 5 seconds and 1 MiB. Never rejects.
 *
 * @param init `signal` ends it earlier, for several requests that share a deadline. `readErrors` reads the JSON object
 * of a 4xx, too, as OAuth endpoints send it (RFC 6749 section 5.2).
 */
export async function fetchJson(
  url: string,
  fetch: typeof globalThis.fetch,
  { signal, readErrors = false, ...init }: RequestInit & { readonly readErrors?: boolean } = {},
): Promise<JsonOutcome> {
  const timeUp = AbortSignal.timeout(TIMEOUT_MS);
  const ended = signal ? AbortSignal.any([signal, timeUp]) : timeUp;
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: ended,
      ...init,
    });
    const { status } = response;
    if (status !== 200 && !(readErrors && status >= 400 && status < 500)) {
      await response.body?.cancel();
      return { kind: "status", status };
    }
    const outcome = parse(new TextDecoder().decode(await readBounded(response.body, MAX_BYTES, ended)));
    if (status === 200) return outcome;
    return { kind: "status", status, ...(outcome.kind === "json" && { value: outcome.value }) };
  } catch (error) {
    if (error instanceof TooLarge) {
      return { kind: "unusable", reason: `more than ${MAX_BYTES} bytes` };
    }
    return { kind: "unreachable", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The outcome in words for an operator, such as "HTTP 404". */
export function describeOutcome(outcome: Exclude<JsonOutcome, { kind: "json" }>): string {
  return outcome.kind === "status" ? `HTTP ${outcome.status}` : outcome.reason;
}

function parse(text: string): JsonOutcome {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { kind: "json", value: value as Record<string, unknown> }
      : { kind: "unusable", reason: "not a JSON object" };
  } catch {
    return { kind: "unusable", reason: "not JSON" };
  }
}
