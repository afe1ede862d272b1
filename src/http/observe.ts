import type { MiddlewareHandler } from "@hono/hono";
import type { Logger } from "@logtape/logtape";
import { HttpError } from "./errors.ts";
import { shown } from "../net/shown.ts";
import { BrokenOff } from "../net/read_bounded.ts";

/**
 * Logs every request: most refusals at `info`, failures at `warning`; the rest, and uploads that broke off, at `debug`.
 * Query and headers are left out, because callers put secrets there. A POST that the endpoint has answered has a line
 * of its own.
 *
 * @param endpoint Path of the MCP endpoint.
 * @param now Milliseconds.
 */
export function observe(endpoint: string, log: Logger, now: () => number): MiddlewareHandler {
  return async function observe(c, next) {
    const started = now();
    await next();
    c.res.headers.set("x-content-type-options", "nosniff");
    if (!c.error && c.req.method === "POST" && c.req.path === endpoint) return;
    const { status } = c.res;
    const level = c.error instanceof BrokenOff ? "debug" : levelOf(status);
    if (level === "debug" && !log.isEnabledFor("debug")) return;
    const reason = c.error instanceof HttpError ? shown(c.error.message) : undefined;
    log[level](reason === undefined ? "{method} {path} {status}" : "{method} {path} {status}: {reason}", {
      method: c.req.method,
      path: c.req.path,
      status,
      ms: Math.round(now() - started),
      ...(reason !== undefined && { reason }),
    });
  };
}

/** Most 401s are how sign-in begins; a bad token has a line of its own. */
function levelOf(status: number): "warn" | "info" | "debug" {
  if (status >= 500) return "warn";
  return status >= 400 && status !== 401 ? "info" : "debug";
}
