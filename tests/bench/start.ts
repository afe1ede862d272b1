import { freePort } from "../free_port.ts";
import { spawn, stop, until } from "./process.ts";
import { median } from "./report.ts";

/** Milliseconds from the start of a process to its first answer. */
export interface Starts {
  /** Of our real `main.ts`. */
  readonly ours: number;
  /** Of a bare Hono server. */
  readonly hono: number;
  /** Of one that also loads our other libraries. */
  readonly libraries: number;
}

/** Starts each of the servers so many times, in turn; the median counts. */
export async function measureStart(rounds: number): Promise<Starts> {
  const folder = await Deno.makeTempDir();
  const [ours, hono, libraries]: [number[], number[], number[]] = [[], [], []];
  // The first starts fill the caches and create the database.
  for (let round = 0; round <= rounds; round++) {
    ours.push(await timeOurs(folder));
    hono.push(await timeOther("hono.ts"));
    libraries.push(await timeOther("libraries.ts"));
  }
  await Deno.remove(folder, { recursive: true });
  const middle = (times: readonly number[]) => median(times.slice(1));
  return { ours: middle(ours), hono: middle(hono), libraries: middle(libraries) };
}

async function timeOurs(folder: string): Promise<number> {
  const port = freePort();
  return await time(port, "../../main.ts", [], {
    PORT: String(port),
    // Nobody listens there: the server starts without its authorization server.
    AUTHORIZATION_SERVER_URL: "http://127.0.0.1:9",
    RESOURCE_SERVER_URL: `http://localhost:${port}/mcp`,
    SQLITE_PATH: `${folder}/pizza.db`,
  });
}

async function timeOther(script: string): Promise<number> {
  const port = freePort();
  return await time(port, script, [String(port)], {});
}

async function time(
  port: number,
  script: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<number> {
  const started = performance.now();
  const child = spawn(script, args, env);
  await until(() => answers(port), script);
  const ms = performance.now() - started;
  await stop(child);
  return ms;
}

/** Asks all servers the same, a search. */
async function answers(port: number): Promise<boolean> {
  const params = { name: "search_pizza_sf", arguments: {} };
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: "POST",
    headers: { "content-type": "application/json", "accept": "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}
