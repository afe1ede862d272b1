/**
 * The app on web standards, for machines that `main.ts` cannot serve on: `deno task bundle` makes it one file. It is
 * for production alone, so the development authorization server is not in it. Whoever imports it serves `fetch`.
 */
import { getLogger } from "@logtape/logtape";
import {
  assemble,
  type Assembled,
  type Config,
  ConfigError,
  configureLogs,
  loadConfig,
} from "mcp-app/assemble";
import process from "node:process";
import app from "../src/app/mod.ts";

const SHUTDOWN_MS = 5_000;
/** How long after the start issuers are asked whether tokens can be verified. */
const CHECK_ISSUERS_MS = 500;
/** An answer that a runtime calls complete may still be on its way to the network. */
const SENDING_MS = 100;
/** A Worker may touch the network, the clock and randomness only while it answers a request, and gets no signals. */
const isWorker = globalThis.navigator?.userAgent === "Cloudflare-Workers";

const log = getLogger(["mcp"]);
const stopping = isWorker ? undefined : new AbortController();
const inFlight = new Set<Promise<unknown>>();
const config = readConfig();
let opened: Promise<Assembled> | undefined;

if (!isWorker) {
  await (opened = open()).catch(refuse);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
}

/** What `deno serve` and Bun's server read from a module's default export, and Workers too. */
export default {
  port: config.port,
  hostname: config.hostname,
  /**
   * Answers a request.
   *
   * @param connection Its other end, and when the whole answer is sent, where the runtime tells; a Worker's bindings.
   * @param context Of a Worker: keeps a request alive that other requests may be waiting for, such as for keys.
   */
  async fetch(request: Request, connection?: Connection, context?: Context): Promise<Response> {
    if (stopping?.signal.aborted) {
      return Response.json({ error: "The server is stopping. Send the request again." }, {
        status: 503,
        headers: { "retry-after": "1", connection: "close" },
      });
    }
    const answered = (opened ??= open()).then((server) => server.fetch(request, connection));
    context?.waitUntil?.(answered);
    const done: Promise<unknown> = Promise.allSettled([answered, connection?.completed])
      .then(() => inFlight.delete(done));
    inFlight.add(done);
    return await answered;
  },
};

interface Connection {
  readonly remoteAddr?: { readonly hostname?: string };
  readonly completed?: Promise<void>;
}

interface Context {
  waitUntil?(promise: Promise<unknown>): void;
}

function readConfig(): Config {
  try {
    const config = loadConfig(process.env, { hosted: "in a bundle", isTerminal: false }, app.env);
    if (isWorker && config.sqlitePath !== undefined) {
      throw new ConfigError(["SQLITE_PATH is set: a Worker has no disk. Set DATABASE_URL in its place"]);
    }
    return config;
  } catch (error) {
    return refuse(error);
  }
}

async function open(): Promise<Assembled> {
  await configureLogs({ level: config.logLevel, format: config.logFormat });
  const server = await assemble(config, app, { log, ...(stopping && { stopping: stopping.signal }) });
  log.info("Ready as {resource}", { resource: config.resource });
  if (isWorker) log.info("A Worker has no SQLite, and gets no signal before it ends");
  // Later, so that whoever asks first does not wait for what verifies tokens to be loaded.
  else setTimeout(server.checkIssuers, CHECK_ISSUERS_MS);
  return server;
}

/** Says why the server cannot start: in words where there is a process to end, which a Worker is not. */
function refuse(error: unknown): never {
  if (isWorker) throw error;
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

/** Lets requests in flight end; the exit code is 1 when some had to be given up. */
async function stop(): Promise<void> {
  if (stopping?.signal.aborted) return;
  stopping?.abort();
  log.info("Stopping");
  const timeUp = setTimeout(() => process.exit(inFlight.size > 0 ? 1 : 0), SHUTDOWN_MS);
  await Promise.all(inFlight);
  await (await opened)?.[Symbol.asyncDispose]();
  await new Promise((resolve) => setTimeout(resolve, SENDING_MS));
  clearTimeout(timeUp);
  process.exit(0);
}
