/**
 * Shows what the development authorization server costs at the start: medians from the start of the process to its
 * first answer, with and without it, and of the ratio of starts made in turn. Run it with
 * `deno run --allow-all tests/bench/start_bench.ts`.
 */
import { toolCall } from "../app/support.ts";
import { freePort } from "../free_port.ts";
import { spawn, stop, until } from "./process.ts";
import { median } from "./report.ts";

const ROUNDS = 15;
const MOST = 1.5;

/** Nobody listens at the one URL: a start does not ask its authorization server for anything. */
const PATHS = {
  development: { AUTHORIZATION_SERVER_URL: "" },
  production: { AUTHORIZATION_SERVER_URL: "http://127.0.0.1:9" },
};

/** Milliseconds from the start of `main.ts` to the answer of a search. */
async function time(folder: string, env: Readonly<Record<string, string>>): Promise<number> {
  const port = freePort();
  const resource = `http://localhost:${port}/mcp`;
  const database = `${folder}/pizza.db`;
  const started = performance.now();
  const main = spawn("../../main.ts", [], {
    PORT: String(port),
    RESOURCE_SERVER_URL: resource,
    SQLITE_PATH: database,
    ...env,
  });
  await until(() => answers(new Request(resource, toolCall("legacy", "search_pizza_sf"))), "main.ts");
  const milliseconds = performance.now() - started;
  await stop(main);
  return milliseconds;
}

async function answers(request: Request): Promise<boolean> {
  const response = await fetch(request).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir();
  const rounds: { development: number; production: number; ratio: number }[] = [];
  // The first round fills the caches and creates the database.
  for (let round = 0; round <= ROUNDS; round++) {
    const development = await time(folder, PATHS.development);
    const production = await time(folder, PATHS.production);
    if (round > 0) rounds.push({ development, production, ratio: development / production });
  }
  await Deno.remove(folder, { recursive: true });
  const middle = (key: "development" | "production" | "ratio") => median(rounds.map((round) => round[key]));
  console.log(
    `start to first answer: ${middle("development").toFixed(0)} ms in development, ` +
      `${middle("production").toFixed(0)} ms in production, ratio ${
        middle("ratio").toFixed(2)
      }, at most ${MOST}`,
  );
  if (middle("ratio") > MOST) Deno.exitCode = 1;
}
