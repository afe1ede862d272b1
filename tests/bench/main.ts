import { startIssuer } from "./issuer.ts";
import { measureMemory } from "./memory.ts";
import { type Question, questions } from "./questions.ts";
import { measureRates, type Rates } from "./rates.ts";
import { isMet, machine, type Row, table } from "./report.ts";
import { measureStart, type Starts } from "./start.ts";

const ROUNDS = 9;

/** Measures everything, prints one table, and fails when a target is missed. */
async function main(): Promise<void> {
  const { issuer, token, stop } = await startIssuer();
  const asked = questions(token);
  const rates = await measureRates(issuer, asked, ROUNDS);
  const rows = [
    ...asked.map((question) => againstSdk(question, rates.get(question.name)!)),
    againstFloor(rates.get("search, anonymous")!),
    denial(rates),
    growth(await measureMemory(issuer, asked)),
    ...starts(await measureStart(ROUNDS)),
  ];
  await stop();
  console.log(`${machine()}; medians of ${ROUNDS} rounds\n\n${table(rows)}`);
  if (!rows.every(isMet)) Deno.exitCode = 1;
}

function againstSdk({ name, target }: Question, rates: Rates): Row {
  const [ours, sdk] = [rates.get("ours")!, rates.get("sdk")!];
  return {
    name,
    ours: perSecond(ours),
    other: `SDK ${perSecond(sdk)}`,
    ratio: ours / sdk,
    ...(target !== undefined && { target: { at: "least", value: target } }),
  };
}

function againstFloor(rates: Rates): Row {
  const [ours, floor] = [rates.get("ours")!, rates.get("floor")!];
  return {
    name: "search, anonymous",
    ours: perSecond(ours),
    other: `floor ${perSecond(floor)}`,
    ratio: ours / floor,
  };
}

function denial(rates: ReadonlyMap<string, Rates>): Row {
  const denied = rates.get("past orders, denied")!.get("ours")!;
  const served = rates.get("past orders, same token")!.get("ours")!;
  return {
    name: "past orders, denied",
    ours: perSecond(denied),
    other: `ours, served ${perSecond(served)}`,
    ratio: denied / served,
    target: { at: "least", value: 1 },
  };
}

function growth({ early, late }: Awaited<ReturnType<typeof measureMemory>>): Row {
  return {
    name: "memory after 100,000 calls",
    ours: megabytes(late),
    other: `ours, after 10,000 ${megabytes(early)}`,
    ratio: late / early,
    target: { at: "most", value: 1.2 },
  };
}

function starts({ ours, hono, libraries }: Starts): Row[] {
  const row = (other: string, ms: number): Row => ({
    name: "start to first answer",
    ours: `${ours.toFixed(0)} ms`,
    other: `${other} ${ms.toFixed(0)} ms`,
    ratio: ours / ms,
  });
  return [
    { ...row("bare Hono", hono), target: { at: "most", value: 2 } },
    row("Hono, Zod, jose and LogTape", libraries),
  ];
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString("en")}/s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

if (import.meta.main) await main();
