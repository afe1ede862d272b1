import { getLogger } from "@logtape/logtape";
import { assemble, configureLogs, loadConfig, openTelemetry } from "../../src/assemble.ts";
import { booksApp } from "./books_app.ts";

/**
 * Our server as `main.ts` starts it, without a limit. Arguments: port, issuer, number of unused tools, and whether the
 * app has everything that one can have.
 */
async function main(port: number, issuer: string, count: number, more: boolean): Promise<void> {
  await configureLogs({ level: "info", format: "json" });
  const config = loadConfig(
    { AUTHORIZATION_SERVER_URL: issuer, SQLITE_PATH: ":memory:", OTEL_DENO: Deno.env.get("OTEL_DENO") },
    { isTerminal: false },
    {},
  );
  const log = getLogger(["mcp"]);
  const server = await assemble({ ...config, rateLimitPerMinute: Infinity }, booksApp(count, more), {
    log,
    telemetry: config.telemetry ? await openTelemetry() : undefined,
  });
  Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, server.fetch);
}

if (import.meta.main) {
  const [port, issuer, count, more] = Deno.args as [string, string, string, string?];
  await main(Number(port), issuer, Number(count), more !== undefined);
}
