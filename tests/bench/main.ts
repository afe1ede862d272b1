import { commandOf, install, ours as oursOf, SDK } from "./contenders.ts";
import { startIssuer } from "./issuer.ts";
import { measureMemory } from "./memory.ts";
import { denoOn, startServer } from "./process.ts";
import { questions } from "./questions.ts";
import { measure, QUICK, ratio, sameAnswers, type Side, THOROUGH } from "./rates.ts";
import { isMet, machine, median, type Row, table } from "./report.ts";
import { measureStart, type Starts } from "./start.ts";

const quick = Deno.args.includes("--quick");
const EFFORT = quick ? QUICK : THOROUGH;
const CALLS = quick ? [2_000, 10_000] as const : [10_000, 1_000_000] as const;

/** Ours over the official SDK as documented, and over the floor: at least this much is promised. */
const LEAST: Readonly<Record<string, { readonly sdk?: number; readonly floor?: number }>> = {
  "anonymous": { sdk: 8, floor: 0.4 },
  "signed in, 1 token": { sdk: 8 },
  "tools/list": { floor: 0.5 },
  "widget": { floor: 0.5 },
};

/** Measures our server beside the SDK on the same runtime and the floor, prints one table, and fails when a target is missed. */
async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  await install(folder, SDK);
  await using issuer = await startIssuer();
  const rows: Row[] = [];
  const asked = await questions(issuer, "legacy");
  const answers = await compare();
  rows.push(growth(await measureMemory(issuer.issuer, answers, CALLS)));
  rows.push(...starts(await measureStart(EFFORT.rounds)));
  await Deno.remove(folder, { recursive: true });
  console.log(`${machine()}; medians of ${EFFORT.rounds} rounds\n\n${table(rows)}`);
  if (!rows.every(isMet)) Deno.exitCode = 1;

  async function compare() {
    await using ours = await startServer(oursOf(issuer.issuer));
    await using sdk = await startServer(commandOf(SDK[0]!, folder, issuer.issuer));
    await using floor = await startServer(denoOn("floor.ts", issuer.issuer, "JSON", String(ours.port)));
    const answers = [];
    for (const question of asked) {
      const { name } = question;
      const [our, their] = await sameAnswers(question, [ours, sdk]);
      answers.push([question, our!] as const);
      // A refusal has no floor: there is no result to write.
      const floors = name === "denied" ? [] : await sameAnswers(question, [floor]);
      const [first, second, third] = await measure(question, [our!, their!, ...floors], EFFORT);
      const { sdk: overSdk, floor: overFloor } = LEAST[name] ?? {};
      rows.push(against(name, first!, "SDK", second!, overSdk));
      if (third) rows.push(against(name, first!, "floor", third, overFloor));
    }
    rows.push(...await among(answers));
    return answers;
  }

  /** Our own answers beside each other: what signing in costs, and what refusing does. */
  async function among(answers: Awaited<ReturnType<typeof compare>>): Promise<Row[]> {
    const of = (name: string) => answers.find(([question]) => question.name === name)!;
    const pairs = [
      ["signed in, 1 token", "anonymous", 0.9],
      ["signed in, 1,000 tokens", "anonymous", 0.85],
      ["denied", "signed in, 1 token", 0.95],
    ] as const;
    const rows: Row[] = [];
    for (const [name, other, least] of pairs) {
      const sides: [Side, Side] = [{ rates: [], p99s: [] }, { rates: [], p99s: [] }];
      for (let round = 0; round < EFFORT.rounds; round++) {
        for (const [index, [question, server]] of [of(name), of(other)].entries()) {
          const [{ rates: [rate] }] = await measure(question, [server], { ...EFFORT, rounds: 1 }) as [Side];
          (sides[index]!.rates as number[]).push(rate!);
        }
      }
      rows.push(against(name, sides[0], `ours, ${other}`, sides[1], least));
    }
    return rows;
  }
}

function against(name: string, ours: Side, other: string, { rates }: Side, least?: number): Row {
  return {
    name,
    ours: perSecond(median(ours.rates)),
    other: `${other} ${perSecond(median(rates))}`,
    ratio: ratio(ours.rates, rates),
    ...(least !== undefined && { target: { at: "least", value: least } }),
  };
}

function growth({ early, late }: Awaited<ReturnType<typeof measureMemory>>): Row {
  const [few, many] = CALLS.map((calls) => calls.toLocaleString("en"));
  return {
    name: `memory after ${many} calls`,
    ours: megabytes(late),
    other: `ours, after ${few} ${megabytes(early)}`,
    ratio: late / early,
    target: { at: "most", value: 1.15 },
  };
}

function starts({ ours, bundle, development, hono, libraries }: Starts): Row[] {
  const row = (
    name: string,
    times: readonly number[],
    other: string,
    others: readonly number[],
    most?: number,
  ): Row => ({
    name,
    ours: milliseconds(times),
    other: `${other} ${milliseconds(others)}`,
    ratio: ratio(times, others),
    ...(most !== undefined && { target: { at: "most", value: most } }),
  });
  return [
    row("start to first answer", ours, "bare Hono", hono, 3),
    row("the bundle's start", bundle, "bare Hono", hono, 2),
    row("start to first answer", ours, "Hono, Zod, jose and LogTape", libraries),
    row("the same in development", development, "ours, in production", ours, 1.5),
  ];
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString("en")}/s`;
}

function milliseconds(times: readonly number[]): string {
  return `${median(times).toFixed(0)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

if (import.meta.main) await main();
