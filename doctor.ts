// @ts-types="./src/storage/pg.d.ts"
import pg from "pg";
import { ConfigError, loadConfig, variableNames } from "mcp-app/assemble";
import sample from "./src/app/mod.ts";
import type { ExaminedConfig } from "./src/dev/doctor/checks/configuration.ts";
import { type ConfigFaults, runDoctor } from "./src/dev/doctor/doctor.ts";

const TIME_LIMIT_MS = 5_000;

function readConfig(): ExaminedConfig | ConfigFaults {
  const names = variableNames(sample.env);
  const denied = names.filter((variable) =>
    Deno.permissions.querySync({ name: "env", variable }).state !== "granted"
  );
  if (denied.length > 0) {
    return {
      problems: [`${denied.join(", ")} cannot be read`],
      fix: "List it in permissions.doctor.env of deno.json, and in permissions.serve.env.",
    };
  }
  const env = Object.fromEntries(names.map((name) => [name, Deno.env.get(name)]));
  try {
    return loadConfig(env, { isTerminal: false }, sample.env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

async function askDatabase(url: string): Promise<void> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: TIME_LIMIT_MS,
    query_timeout: TIME_LIMIT_MS,
  });
  pool.on("error", () => {});
  try {
    await pool.query("SELECT 1");
  } finally {
    await pool.end();
  }
}

if (import.meta.main) {
  using client = Deno.createHttpClient({ allowHost: true });
  Deno.exitCode = await runDoctor(Deno.args, {
    fetch: (input, init) => {
      const withClient: RequestInit & { client: Deno.HttpClient } = { ...init, client };
      return fetch(input, withClient);
    },
    now: Date.now,
    print: console.log,
    readToken: () => new Response(Deno.stdin.readable).text(),
    readConfig,
    askDatabase,
  });
}
