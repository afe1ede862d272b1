import type { MiddlewareHandler } from "@hono/hono";
import type { Logger } from "@logtape/logtape";

/**
 * Logs every request: most refusals at `info`, failures at `warning`, the rest at `debug`. Query and headers are left
 * out, because callers put secrets there.
 *
 * @param now Milliseconds.
 */
export function observe(log: Logger, now: () => number): MiddlewareHandler {
  return async function observe(c, next) {
    const started = now();
    await next();
    c.res.headers.set("x-content-type-options", "nosniff");
    const { status } = c.res;
    // Most 401s are how sign-in begins; a bad token has a line of its own.
    const level = status >= 500 ? "warn" : status >= 400 && status !== 401 ? "info" : "debug";
    if (level === "debug" && !log.isEnabledFor("debug")) return;
    log[level]("{method} {path} {status}", {
      method: c.req.method,
      path: c.req.path,
      status,
      ms: Math.round(now() - started),
    });
  };
}
