import { deepStrictEqual } from "node:assert/strict";
import { load, wire } from "./load.ts";
import { type Contender, startContender } from "./process.ts";
import { ask, type Question, type Side } from "./questions.ts";
import { median } from "./report.ts";

/** Answers per second to one question, by who was asked. */
export type Rates = ReadonlyMap<Side, number>;

/** Short, so that what else the machine does is spread evenly. */
const ROUND_MS = 500;
const WARM_UP = { calls: 2_000 };

/**
 * Measures the questions with every server in a process of its own. The rounds are interleaved, so that whatever
 * else the machine does falls on all of them, and the median of the rounds counts.
 */
export async function measureRates(
  issuer: string,
  questions: readonly Question[],
  rounds: number,
): Promise<Map<string, Rates>> {
  await using ours = await startContender("ours.ts", issuer);
  await using sdk = await startContender("sdk.ts", issuer);
  await using floor = await startContender("floor.ts", issuer);
  const servers = { ours, sdk, floor };
  const rates = new Map<string, Rates>();
  for (const question of questions) {
    await checkSame(question, servers);
    rates.set(question.name, await measure(question, servers, rounds));
  }
  return rates;
}

/** A race between different answers would say nothing. */
async function checkSame(question: Question, { ours, sdk }: Record<Side, Contender>): Promise<void> {
  const [our, their] = [await ask(ours.port, question), await ask(sdk.port, question)].map(question.essence);
  if (our === undefined) throw new Error(`The answer to "${question.name}" lacks what is compared.`);
  deepStrictEqual(our, their, `Ours and the SDK's answer to "${question.name}" differ.`);
}

async function measure(
  { request, status }: Question,
  servers: Record<Side, Contender>,
  rounds: number,
): Promise<Rates> {
  const bytes = await wire(request());
  const asked = Object.entries(status).map(([side, status]) => ({
    side: side as Side,
    status,
    seen: [] as number[],
  }));
  for (const { side, status } of asked) await load(servers[side].port, bytes, status, WARM_UP);
  for (let round = 0; round < rounds; round++) {
    for (const { side, status, seen } of asked) {
      seen.push(await load(servers[side].port, bytes, status, { ms: ROUND_MS }));
    }
  }
  return new Map(asked.map(({ side, seen }) => [side, median(seen)]));
}
