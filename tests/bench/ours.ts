import { getLogger } from "@logtape/logtape";
import { assemble, configureLogs, loadConfig } from "../../src/assemble.ts";
import { booksApp } from "./books_app.ts";

/** Our server as `main.ts` starts it, without a limit. Arguments: port, issuer, number of unused tools. */
async function main(port: number, issuer: string, count: number): Promise<void> {
  await configureLogs({ level: "info", format: "json" });
  const config = loadConfig(
    { AUTHORIZATION_SERVER_URL: issuer, SQLITE_PATH: ":memory:" },
    { isTerminal: false },
    {},
  );
  const log = getLogger(["mcp"]);
  const server = await assemble({ ...config, rateLimitPerMinute: Infinity }, booksApp(count), { log });
  Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, server.fetch);
}

if (import.meta.main) await main(Number(Deno.args[0]), Deno.args[1]!, Number(Deno.args[2]));
