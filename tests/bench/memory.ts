import { ours } from "./contenders.ts";
import { load } from "./load.ts";
import { startServer } from "./process.ts";
import type { Question } from "./questions.ts";
import type { Asked } from "./rates.ts";

/** Resident bytes of our server after so many calls, all the questions in equal parts. */
export async function measureMemory(
  issuer: string,
  asked: readonly (readonly [Question, Asked])[],
  [few, many]: readonly [number, number],
): Promise<{ readonly early: number; readonly late: number }> {
  await using server = await startServer(ours(issuer));
  await askAll(few);
  const early = await server.memory();
  await askAll(many - few);
  return { early, late: await server.memory() };

  async function askAll(calls: number): Promise<void> {
    for (const [{ requests }, { status }] of asked) {
      await load(server.port, requests, status, { calls: calls / asked.length });
    }
  }
}
