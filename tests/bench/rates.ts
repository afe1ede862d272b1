import { deepStrictEqual } from "node:assert/strict";
import { askOnce, type Limit, load } from "./load.ts";
import type { Serving } from "./process.ts";
import { type Question, readAnswer } from "./questions.ts";
import { median } from "./report.ts";

/** How long and how often something is measured. */
export interface Effort {
  readonly rounds: number;
  /** Short, so that what else the machine does is spread evenly. */
  readonly ms: number;
  readonly warmUp: number;
}

export const THOROUGH: Effort = { rounds: 9, ms: 500, warmUp: 2_000 };
/** For `--quick`. */
export const QUICK: Effort = { rounds: 3, ms: 200, warmUp: 500 };

/** Enough of a warm-up even for a server that answers slowly. */
const WARM_UP_MS = 5_000;

/** What one side did, in the rounds of a comparison. */
export interface Side {
  readonly rates: readonly number[];
  readonly p99s: readonly number[];
}

/** A server, and the status with which it answers a question. */
export interface Asked {
  readonly port: number;
  readonly status: number;
}

/** Who answers to a question as the first does; a race between different answers would say nothing. @throws Error */
export async function sameAnswers(
  { name, requests: [request], essence }: Question,
  servers: readonly Serving[],
): Promise<Asked[]> {
  let first: unknown;
  const asked: Asked[] = [];
  for (const { port } of servers) {
    const { status, text } = await askOnce(port, request!);
    const said = essence(readAnswer(status, text));
    first ??= said;
    if (said === undefined) throw new Error(`has no answer to "${name}", but ${status} ${text.slice(0, 80)}`);
    deepStrictEqual(said, first, `answers "${name}" differently`);
    asked.push({ port, status });
  }
  return asked;
}

/** Measures servers in interleaved rounds, so that whatever else the machine does falls on all of them. */
export async function measure(
  { requests }: Pick<Question, "requests">,
  asked: readonly Asked[],
  { rounds, ms, warmUp }: Effort,
  limit: Limit = {},
): Promise<Side[]> {
  const sides = asked.map(() => ({ rates: [] as number[], p99s: [] as number[] }));
  for (const { port, status } of asked) {
    // Every request once at least: a cache has to know all of their tokens.
    const calls = Math.max(warmUp, requests.length);
    await load(port, requests, status, { ...limit, calls, ms: WARM_UP_MS });
  }
  for (let round = 0; round < rounds; round++) {
    for (const [index, { port, status }] of asked.entries()) {
      const { rate, p99 } = await load(port, requests, status, { ...limit, ms });
      sides[index]!.rates.push(rate);
      sides[index]!.p99s.push(p99);
    }
  }
  return sides;
}

/**
 * The same where no server may see a request twice: each round has its own share of them, and so has the warm-up. The
 * first one was spent on comparing the answers.
 */
export async function measureUnseen(
  { requests }: Pick<Question, "requests">,
  asked: readonly Asked[],
  { rounds }: Pick<Effort, "rounds">,
): Promise<Side[]> {
  const sides = asked.map(() => ({ rates: [] as number[], p99s: [] as number[] }));
  const calls = Math.trunc((requests.length - 1) / (rounds + 1));
  for (let round = 0; round <= rounds; round++) {
    const unseen = requests.slice(1 + round * calls, 1 + (round + 1) * calls);
    for (const [index, { port, status }] of asked.entries()) {
      const { rate, p99 } = await load(port, unseen, status, { calls });
      if (round === 0) continue;
      sides[index]!.rates.push(rate);
      sides[index]!.p99s.push(p99);
    }
  }
  return sides;
}

/**
 * Good calls alone, with a flood of others beside them, and with as many more of their own kind, in turn: those wait
 * for each other, too.
 *
 * @returns the p99s of the good ones.
 */
export async function measureFlood(
  { requests }: Pick<Question, "requests">,
  { port, status }: Asked,
  flood: readonly Uint8Array<ArrayBuffer>[],
  { rounds, ms, warmUp }: Effort,
): Promise<{ readonly flooded: number[]; readonly crowded: number[]; readonly calm: number[] }> {
  const limit = { connections: 4, ms };
  await load(port, requests, status, { calls: Math.max(warmUp, requests.length), ms: WARM_UP_MS });
  const [flooded, crowded, calm]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    calm.push((await load(port, requests, status, limit)).p99);
    for (const [p99s, others] of [[flooded, flood], [crowded, requests]] as const) {
      const [good] = await Promise.all([
        load(port, requests, status, limit),
        load(port, others, undefined, limit),
      ]);
      p99s.push(good.p99);
    }
  }
  return { flooded, crowded, calm };
}

/** The median of what each round says. */
export function ratio(over: readonly number[], under: readonly number[]): number {
  return median(over.map((value, index) => value / under[index]!));
}
