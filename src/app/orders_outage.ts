import { ToolError } from "../mcp/tool.ts";
import type { OrderStore } from "./orders.ts";

/** Longer than the storage's own time limits, so that it comes into play only when those fail too. */
const DEADLINE_MS = 10_000;

const FOR_CALLER = "Orders cannot be reached right now, for a reason on our side. Try again in a moment.";
/** Anybody may ask whether we are ready, so the cause stays in the log. */
const FOR_OPERATOR = "Orders cannot be read and written right now: the log says why.";

/**
 * Tells callers in words when the storage fails or does not answer in time, and tells `onFailure` the cause: code
 * and message only, because a database's details may quote what somebody ordered.
 */
export function withOutageWords(
  store: OrderStore,
  { onFailure, deadlineMs = DEADLINE_MS }: {
    readonly onFailure: (cause: string) => void;
    readonly deadlineMs?: number;
  },
): OrderStore {
  async function orElse<T>(answer: Promise<T>, inWords: () => Error): Promise<T> {
    try {
      return await inTime(answer, deadlineMs);
    } catch (error) {
      onFailure(causeOf(error));
      throw inWords();
    }
  }
  const forCaller = <T>(answer: Promise<T>) => orElse(answer, () => new ToolError(FOR_CALLER));
  return {
    ...store,
    recent: (...args) => forCaller(store.recent(...args)),
    restaurants: (...args) => forCaller(store.restaurants(...args)),
    reorder: (...args) => forCaller(store.reorder(...args)),
    welcome: (...args) => forCaller(store.welcome(...args)),
    check: () => orElse(store.check(), () => new Error(FOR_OPERATOR)),
  };
}

/** @throws Error when the answer takes longer than that. */
async function inTime<T>(answer: Promise<T>, deadlineMs: number): Promise<T> {
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`The database has not answered for ${deadlineMs / 1000} seconds.`)),
    deadlineMs,
  );
  try {
    return await Promise.race([answer, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/** Such as "ECONNREFUSED: connect ECONNREFUSED 10.0.0.7:5432". */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return [code, error.message].filter(Boolean).join(": ") || error.name;
}
