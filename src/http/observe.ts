import type { MiddlewareHandler } from "@hono/hono";
import type { Logger } from "@logtape/logtape";
import { BrokenOff } from "../net/read_bounded.ts";

/**
 * Logs every request: most refusals at `info`, failures at `warning`; the rest, and uploads that broke off, at `debug`.
 * Query and headers are left out, because callers put secrets there.
 *
 * @param now Milliseconds.
 */
export function observe(log: Logger, now: () => number): MiddlewareHandler {
  return async function observe(c, next) {
    const started = now();
    await next();
    c.res.headers.set("x-content-type-options", "nosniff");
    const { status } = c.res;
    const level = c.error instanceof BrokenOff ? "debug" : levelOf(status);
    if (level === "debug" && !log.isEnabledFor("debug")) return;
    log[level]("{method} {path} {status}", {
      method: c.req.method,
      path: c.req.path,
      status,
      ms: Math.round(now() - started),
    });
  };
}

/** Most 401s are how sign-in begins; a bad token has a line of its own. */
function levelOf(status: number): "warn" | "info" | "debug" {
  if (status >= 500) return "warn";
  return status >= 400 && status !== 401 ? "info" : "debug";
}
