import type { Logger } from "@logtape/logtape";
import { HttpError } from "./errors.ts";
import type { LogBudget } from "./log_budget.ts";
import { shown } from "../net/shown.ts";
import { BrokenOff } from "../net/read_bounded.ts";

/**
 * Sees an answer before it is sent.
 *
 * @param path Of the request, without the query.
 * @param error What the answer had to be made of, if anything went wrong.
 * @param started When the request came, in milliseconds.
 */
export type Observe = (
  request: { readonly method: string; readonly path: string },
  response: Response,
  error: unknown,
  started: number,
) => void;

/**
 * Makes what logs every request: most refusals at `info`, failures at `warning`; the rest, and uploads that broke off, at
 * `debug`. Query and headers are left out, because callers put secrets there. A POST that the endpoint has answered has a
 * line of its own.
 *
 * @param endpoint Path of the MCP endpoint.
 * @param now Milliseconds.
 */
export function createObserve(
  endpoint: string,
  { log, budget, now }: { readonly log: Logger; readonly budget: LogBudget; readonly now: () => number },
): Observe {
  return ({ method, path }, { status, headers }, error, started) => {
    headers.set("x-content-type-options", "nosniff");
    if (!error && method === "POST" && path === endpoint) return;
    const level = error instanceof BrokenOff ? "debug" : levelOf(status);
    if (!log.isEnabledFor(level) || (level !== "debug" && !budget(String(status)))) return;
    const reason = error instanceof HttpError ? shown(error.message) : undefined;
    log[level](reason === undefined ? "{method} {path} {status}" : "{method} {path} {status}: {reason}", {
      method,
      path,
      status,
      ms: Math.round(now() - started),
      ...(reason !== undefined && { reason }),
    });
  };
}

/** Most 401s are how sign-in begins; a bad token has a line of its own. */
function levelOf(status: number): "warning" | "info" | "debug" {
  if (status >= 500) return "warning";
  return status >= 400 && status !== 401 ? "info" : "debug";
}
