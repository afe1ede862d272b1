import { load, wire } from "./load.ts";
import { startContender } from "./process.ts";
import type { Question } from "./questions.ts";

/** Resident bytes of our server after 10,000 and after 100,000 calls, all the questions in equal parts. */
export async function measureMemory(
  issuer: string,
  questions: readonly Question[],
): Promise<{ readonly early: number; readonly late: number }> {
  await using ours = await startContender("ours.ts", issuer);
  await askAll(10_000);
  const early = await ours.memory();
  await askAll(90_000);
  return { early, late: await ours.memory() };

  async function askAll(calls: number): Promise<void> {
    for (const { request, status } of questions) {
      await load(ours.port, await wire(request()), status.ours!, { calls: calls / questions.length });
    }
  }
}
