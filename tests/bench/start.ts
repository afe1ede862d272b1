import { freePort } from "../free_port.ts";
import { rpc, toolCall } from "../support.ts";
import { denoOn, spawn, stop, until } from "./process.ts";

/** Milliseconds from the start of a process to its first answer, each time. */
export interface Starts {
  /** Of our real `main.ts`. */
  readonly ours: readonly number[];
  /** Of the same from `deno task bundle`. */
  readonly bundle: readonly number[];
  /** The same with its development authorization server. */
  readonly development: readonly number[];
  /** Of a bare Hono server. */
  readonly hono: readonly number[];
  /** Of one that also loads our other libraries. */
  readonly libraries: readonly number[];
}

/** Starts each of the servers so many times, in turn. */
export async function measureStart(rounds: number): Promise<Starts> {
  const folder = await Deno.makeTempDir();
  const [ours, bundle, development, hono, libraries]: number[][] = [[], [], [], [], []];
  const tool = await openTool(folder);
  await new Deno.Command(Deno.execPath(), { args: ["task", "--quiet", "bundle"], stdout: "null" }).output();
  // The first starts fill the caches.
  for (let round = 0; round <= rounds; round++) {
    // Nobody listens there: a start does not ask its authorization server for anything.
    ours!.push(await timeOurs("../../main.ts", "http://127.0.0.1:9"));
    bundle!.push(await timeOurs("../../dist/deno/main.js", "http://127.0.0.1:9"));
    development!.push(await timeOurs("../../main.ts", ""));
    for (const [script, times] of [["hono.ts", hono!], ["libraries.ts", libraries!]] as const) {
      const port = freePort();
      times.push(await time(script, port, tool, [String(port)]));
    }
  }
  await Deno.remove(folder, { recursive: true });
  const [first, second, third, fourth, fifth] = [ours!, bundle!, development!, hono!, libraries!].map((
    times,
  ) => times.slice(1));
  return { ours: first!, bundle: second!, development: third!, hono: fourth!, libraries: fifth! };

  async function timeOurs(script: string, authorizationServer: string): Promise<number> {
    const port = freePort();
    return await time(script, port, tool, [], environment(folder, port, authorizationServer));
  }
}

function environment(folder: string, port: number, authorizationServer: string): Record<string, string> {
  return {
    PORT: String(port),
    HOST: "127.0.0.1",
    AUTHORIZATION_SERVER_URL: authorizationServer,
    RESOURCE_SERVER_URL: `http://localhost:${port}/mcp`,
    SQLITE_PATH: `${folder}/start.db`,
  };
}

/** The name of a tool of the app that everyone may call. Its first start creates the database. */
async function openTool(folder: string): Promise<string> {
  const port = freePort();
  const child = spawn({ ...denoOn("../../main.ts"), env: environment(folder, port, "http://127.0.0.1:9") });
  const list = () => fetch(at(port, rpc("legacy", "tools/list")));
  await until(() => list().then((response) => response.text()).then(() => true, () => false), "main.ts");
  const { result: { tools } } = await (await list()).json() as {
    result: { tools: { name: string; securitySchemes: { type: string }[] }[] };
  };
  await stop(child);
  return tools.find(({ securitySchemes }) => securitySchemes.some(({ type }) => type === "noauth"))!.name;
}

async function time(
  script: string,
  port: number,
  tool: string,
  rest: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  const started = performance.now();
  const child = spawn({ ...denoOn(script, ...rest), env });
  await until(async () => {
    const response = await fetch(at(port, toolCall("legacy", tool))).catch(() => undefined);
    await response?.body?.cancel();
    return response?.ok ?? false;
  }, script);
  const ms = performance.now() - started;
  await stop(child);
  return ms;
}

function at(port: number, request: Request): Request {
  return new Request(`http://127.0.0.1:${port}/mcp`, request);
}
