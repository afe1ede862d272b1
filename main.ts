import { getLogger } from "@logtape/logtape";
import type { AppDefinition } from "mcp-app";
import {
  assemble,
  type Config,
  ConfigError,
  configureLogs,
  listenUntil,
  loadConfig,
  openTelemetry,
  variableNames,
} from "mcp-app/assemble";
import sample from "./src/app/mod.ts";

const SHUTDOWN_MS = 5_000;
/** How long after the start issuers are asked whether tokens can be verified. */
const CHECK_ISSUERS_MS = 500;
/** How long nobody listens after the listener failed, such as for want of file descriptors. */
const LISTEN_AGAIN_MS = 1_000;

function readConfig(app: AppDefinition): Config {
  const names = variableNames(app.env);
  const denied = names.filter((variable) =>
    Deno.permissions.querySync({ name: "env", variable }).state !== "granted"
  );
  if (denied.length > 0) {
    throw new ConfigError([
      `${denied.join(", ")} cannot be read: list it in permissions.serve.env of deno.json`,
    ]);
  }
  const env = Object.fromEntries(names.map((name) => [name, Deno.env.get(name)]));
  const isDenoDeploy = ["DENO_DEPLOY", "DENO_DEPLOYMENT_ID"].some((name) => Deno.env.get(name));
  // A bundle is for production alone: the development authorization server is not in it.
  const inBundle = import.meta.url.endsWith(".js");
  const hosted = isDenoDeploy ? "on Deno Deploy" : inBundle ? "in a bundle" : undefined;
  return loadConfig(env, { hosted, isTerminal: Deno.stderr.isTerminal() }, app.env);
}

/** Serves an app until a signal ends it; the process exits with 1 when requests had to be given up. */
async function serve(app: AppDefinition, config: Config, shutdownMs: number): Promise<never> {
  await configureLogs({ level: config.logLevel, format: config.logFormat });
  const log = getLogger(["mcp"]);
  const stopping = new AbortController();
  const server = await assemble(config, app, {
    log,
    telemetry: config.telemetry ? await openTelemetry() : undefined,
    readFile: (path) => Deno.readTextFile(new URL(path, import.meta.url)),
    stopping: stopping.signal,
  });

  // Before anything listens, so that no signal can arrive too early.
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stopping.abort());
  const { port, hostname, resource } = config;
  let banner = server.development?.banner;
  const onListen = () => {
    if (banner) console.log(banner);
    banner = undefined;
    log.info("Listening on {hostname}:{port} as {resource}", { hostname, port, resource });
  };
  // Later, so that whoever asks first does not wait for what verifies tokens to be loaded. Deno would load the timers of
  // Node for setTimeout, which takes a fifth as long as a Hono server.
  AbortSignal.timeout(CHECK_ISSUERS_MS).addEventListener("abort", server.checkIssuers);
  const givenUp = await listenUntil<Deno.ServeHandlerInfo<Deno.NetAddr>>(stopping.signal, {
    listen: (handler) => Deno.serve({ port, hostname, onListen }, handler),
    handler: server.fetch,
    log,
    againMs: LISTEN_AGAIN_MS,
    shutdownMs,
  });
  // Requests that were given up may still be using the database.
  if (givenUp > 0) Deno.exit(1);
  setTimeout(() => Deno.exit(0), SHUTDOWN_MS);
  await server[Symbol.asyncDispose]();
  Deno.exit(0);
}

/** What keeps the server from starting, in words. */
function explain(error: unknown, port: number): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Deno.errors.AddrInUse) {
    return `Port ${port} is in use: stop the other program, or set PORT to another one.`;
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `${error.message}. Tasks may only use the folder data: keep SQLITE_PATH in it, or run main.ts with more.`;
  }
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

/** How the process behaves. */
export interface MainOptions {
  /**
   * How long requests in flight may go on at shutdown, in milliseconds; 5 seconds by default. An app whose calls take
   * longer sets it to their time limit, and whatever stops the process has to wait longer still.
   */
  readonly shutdownMs?: number;
}

/** Runs the server of an app. What keeps it from starting is told in words, and the process exits with 1. */
export async function main(
  app: AppDefinition,
  { shutdownMs = SHUTDOWN_MS }: MainOptions = {},
): Promise<void> {
  let port = 0;
  try {
    const config = readConfig(app);
    port = config.port;
    await serve(app, config, shutdownMs);
  } catch (error) {
    console.error(explain(error, port));
    Deno.exit(1);
  }
}

if (import.meta.main) await main(sample);
