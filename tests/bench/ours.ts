import { getLogger } from "@logtape/logtape";
import app from "../../src/app/mod.ts";
import { assemble, configureLogs, loadConfig } from "../../src/assemble.ts";
import { contend } from "./contender.ts";

/** Our server as `main.ts` starts it, with data in memory and without a limit; the third argument is the issuer. */
async function main(issuer: string): Promise<void> {
  await configureLogs({ level: "info", format: "json" });
  const env = { AUTHORIZATION_SERVER_URL: issuer, SQLITE_PATH: ":memory:", DEMO_ORDERS: "true" };
  const config = loadConfig(env, { isTerminal: false }, app.env);
  const server = await assemble({ ...config, rateLimitPerMinute: Infinity }, {
    ...app,
    async open(deps) {
      const opened = await app.open({ ...deps, env: { DEMO_ORDERS: true } });
      // The SDK's side has the same two tools.
      return { ...opened, tools: opened.tools.filter(({ name }) => name !== "reorder_pizza") };
    },
  }, { log: getLogger(["mcp"]) });
  contend(server.fetch);
}

if (import.meta.main) await main(Deno.args[2]!);
