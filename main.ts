import { getLogger } from "@logtape/logtape";
import {
  assemble,
  type Config,
  ConfigError,
  configureLogs,
  loadConfig,
  variableNames,
} from "mcp-app/assemble";
import type { AppDefinition } from "mcp-app";
import sample from "./src/app/mod.ts";

/** A request in flight at shutdown may take this long. */
const SHUTDOWN_MS = 5_000;

function readConfig(app: AppDefinition): Config {
  const env = Object.fromEntries(variableNames(app.env).map((name) => [name, Deno.env.get(name)]));
  const isDenoDeploy = ["DENO_DEPLOY", "DENO_DEPLOYMENT_ID"].some((name) => Deno.env.get(name));
  return loadConfig(env, { isDenoDeploy, isTerminal: Deno.stderr.isTerminal() }, app.env);
}

/** Runs the server of an app until a signal ends it. */
export async function main(app: AppDefinition): Promise<void> {
  const config = readConfig(app);
  await configureLogs({ level: config.logLevel, format: config.logFormat });
  const log = getLogger(["mcp"]);
  const server = await assemble(config, app, {
    log,
    readFile: (path) => Deno.readTextFile(new URL(path, import.meta.url)),
  });

  const ending = Promise.withResolvers<void>();
  // Before anything listens, so that no signal can arrive too early.
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => ending.resolve());
  const listener = Deno.serve({
    port: config.port,
    hostname: config.hostname,
    onListen: ({ hostname, port }) => {
      if (server.development) console.log(server.development.banner);
      log.info("Listening on {hostname}:{port} as {resource}", { hostname, port, resource: config.resource });
    },
  }, server.fetch);

  await ending.promise;
  log.info("Stopping");
  const giveUp = setTimeout(() => Deno.exit(1), SHUTDOWN_MS);
  await listener.shutdown();
  clearTimeout(giveUp);
  await server[Symbol.asyncDispose]();
  Deno.exit(0);
}

/** What stops a start, in words. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Deno.errors.AddrInUse) {
    return "The port is in use: stop the other program, or set PORT.";
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `${error.message}. Tasks may only use the folder data: keep SQLITE_PATH in it, or run main.ts with more.`;
  }
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

if (import.meta.main) {
  await main(sample).catch((error) => {
    console.error(explain(error));
    Deno.exit(1);
  });
}
