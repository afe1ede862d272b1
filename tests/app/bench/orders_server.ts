import { getLogger } from "@logtape/logtape";
import sample from "../../../src/app/mod.ts";
import { assemble, configureLogs, loadConfig } from "../../../src/assemble.ts";

/** The sample as `main.ts` starts it, without a limit. Arguments: port, issuer, a path for SQLite or a `postgres:` URL. */
async function main(port: number, issuer: string, address: string): Promise<void> {
  await configureLogs({ level: "info", format: "json" });
  const store = address.startsWith("postgres:") ? { DATABASE_URL: address } : { SQLITE_PATH: address };
  const config = loadConfig(
    { AUTHORIZATION_SERVER_URL: issuer, DEMO_ORDERS: "true", ...store },
    { isTerminal: false },
    sample.env,
  );
  const log = getLogger(["mcp"]);
  const server = await assemble({ ...config, rateLimitPerMinute: Infinity }, sample, { log });
  Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, server.fetch);
}

if (import.meta.main) await main(Number(Deno.args[0]), Deno.args[1]!, Deno.args[2]!);
