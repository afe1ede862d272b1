import { commandOf, install, ours as oursOf, SDK } from "./contenders.ts";
import { startIssuer } from "./issuer.ts";
import { measureMemory } from "./memory.ts";
import { denoOn, type Serving, startServer } from "./process.ts";
import { type Question, questions, signedInSearch, unknownKeys, unseenTokens } from "./questions.ts";
import {
  type Asked,
  measure,
  measureFlood,
  measureUnseen,
  QUICK,
  ratio,
  sameAnswers,
  type Side,
  THOROUGH,
} from "./rates.ts";
import { isMet, machine, median, type Row, table } from "./report.ts";
import { measureRotation } from "./rotation.ts";
import { measureStart, type Starts } from "./start.ts";

const quick = Deno.args.includes("--quick");
const EFFORT = quick ? QUICK : THOROUGH;
/** Tokens that no server has seen, of which each round and the warm-up take an equal share. */
const UNSEEN = (EFFORT.rounds + 1) * (quick ? 300 : 800) + 1;
const MANY_TOOLS = 198;
const CALLS = quick ? [2_000, 10_000] as const : [10_000, 1_000_000] as const;

/** Ours over the official SDK as documented, and over the floor: at least this much is promised. */
const LEAST: Readonly<Record<string, { readonly sdk?: number; readonly floor?: number }>> = {
  "anonymous": { sdk: 8, floor: 0.4 },
  "signed in, 1 token": { sdk: 8 },
  "tools/list": { floor: 0.5 },
  "widget": { floor: 0.5 },
};

type Answered = readonly [Question, Asked];

/** Measures our server beside the SDK on the same runtime and the floor, prints one table, and fails when a target is missed. */
async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  await install(folder, SDK);
  await using issuer = await startIssuer();
  const rows: Row[] = [];
  const asked = await questions(issuer);
  try {
    const answers = await compare();
    rows.push(...await compareUnseen());
    if (!quick) rows.push(...await beside());
    rows.push(growth(await measureMemory(issuer.issuer, answers, CALLS)));
    rows.push(...starts(await measureStart(EFFORT.rounds)));
  } finally {
    // When one measurement fails, those before it are still worth reading.
    console.log(`${machine()}; medians of ${EFFORT.rounds} rounds\n\n${table(rows)}`);
    await Deno.remove(folder, { recursive: true });
  }
  if (!rows.every(isMet)) Deno.exitCode = 1;

  async function compare() {
    await using ours = await startServer(oursOf(issuer.issuer));
    await using sdk = await startServer(commandOf(SDK[0]!, folder, issuer.issuer));
    await using floor = await startServer(denoOn("floor.ts", issuer.issuer, "JSON", String(ours.port)));
    const answers: Answered[] = [];
    for (const question of asked) {
      const { name } = question;
      const [our, their] = await sameAnswers(question, [ours, sdk]);
      answers.push([question, our!]);
      // A refusal has no floor: there is no result to write.
      const floors = name === "denied" ? [] : await sameAnswers(question, [floor]);
      const [first, second, third] = await measure(question, [our!, their!, ...floors], EFFORT);
      const { sdk: overSdk, floor: overFloor } = LEAST[name] ?? {};
      rows.push(against(name, first!, "SDK", second!, overSdk));
      if (third) rows.push(against(name, first!, "floor", third, overFloor));
    }
    rows.push(...await among(answers, ours));
    return answers;
  }

  /** Our own answers beside each other: what a token costs the tool that needs none, and what refusing does. */
  async function among(answers: readonly Answered[], ours: Serving): Promise<Row[]> {
    const of = (name: string) => answers.find(([question]) => question.name === name)!;
    const withTokens = async (question: Question): Promise<Answered> => {
      const [answer] = await sameAnswers(question, [ours]);
      return [question, answer!];
    };
    const [one, many] = await signedInSearch(issuer);
    const pairs = [
      [await withTokens(one), of("anonymous"), 0.9],
      [await withTokens(many), of("anonymous"), 0.85],
      [of("denied"), of("signed in, 1 token"), 0.95],
    ] as const;
    const rows: Row[] = [];
    for (const [first, second, least] of pairs) {
      const sides: [Side, Side] = [{ rates: [], p99s: [] }, { rates: [], p99s: [] }];
      for (let round = 0; round < EFFORT.rounds; round++) {
        for (const [index, [question, answer]] of [first, second].entries()) {
          const [{ rates: [rate] }] = await measure(question, [answer], { ...EFFORT, rounds: 1 }) as [Side];
          (sides[index]!.rates as number[]).push(rate!);
        }
      }
      rows.push(against(first[0].name, sides[0], `ours, ${second[0].name}`, sides[1], least));
    }
    return rows;
  }

  /** Without any cache: on servers of its own, since so many tokens would drive those of other questions out of ours. */
  async function compareUnseen(): Promise<Row[]> {
    await using ours = await startServer(oursOf(issuer.issuer));
    await using sdk = await startServer(commandOf(SDK[0]!, folder, issuer.issuer));
    await using floor = await startServer(
      denoOn("floor.ts", issuer.issuer, "signature", String(ours.port)),
    );
    const question = await unseenTokens(issuer, UNSEEN);
    const answers = await sameAnswers(question, [ours, sdk, floor]);
    const [first, second, third] = await measureUnseen(question, answers, EFFORT);
    return [
      against(question.name, first!, "SDK", second!),
      against(question.name, first!, "floor with a signature", third!),
    ];
  }

  /** What there is, or happens, beside the calls that are measured. */
  async function beside(): Promise<Row[]> {
    await using collector = startCollector();
    await using ours = await startServer(oursOf(issuer.issuer));
    await using large = await startServer(oursOf(issuer.issuer, MANY_TOOLS));
    await using capable = await startServer(oursOf(issuer.issuer, 0, "everything"));
    await using observed = await startServer({ ...oursOf(issuer.issuer), env: collector.env });
    const of = (name: string) => asked.find((question) => question.name === name)!;
    const [anonymous, manyTokens] = [of("anonymous"), of("signed in, 1,000 tokens")];
    const servers = await sameAnswers(anonymous, [ours, large, capable, observed]);
    const [plain, withTools, withAll, withTelemetry] = await measure(anonymous, servers, EFFORT);
    if (!collector.hasReports()) throw new Error("No telemetry was exported.");
    const [good] = await sameAnswers(manyTokens, [ours]);
    const flood = await unknownKeys(issuer);
    const { flooded, crowded, calm } = await measureFlood(manyTokens, good!, flood, EFFORT);
    const { before, after } = await measureRotation(issuer, EFFORT.rounds);
    return [
      against("anonymous, with 200 tools", withTools!, "ours, with 2", plain!),
      against("anonymous, in an app with every capability", withAll!, "ours, with none", plain!),
      against("anonymous, telemetry exported", withTelemetry!, "ours, never loaded", plain!),
      times("p99 in a flood of unknown keys", flooded, "ours, without", calm, 2),
      times("p99 in a flood of unknown keys", flooded, "ours, with as many good calls more", crowded),
      against("signed in, as the issuer changes its key", after, "ours, before", before),
      times("p99 as the issuer changes its key", after.p99s, "ours, before", before.p99s),
    ];
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
  return [
    times("start to first answer", ours, "bare Hono", hono, 3),
    times("the bundle's start", bundle, "bare Hono", hono, 2),
    times("start to first answer", ours, "Hono, Zod, jose and LogTape", libraries),
    times("the same in development", development, "ours, in production", ours, 1.5),
  ];
}

function times(
  name: string,
  ours: readonly number[],
  other: string,
  others: readonly number[],
  most?: number,
): Row {
  return {
    name,
    ours: milliseconds(ours),
    other: `${other} ${milliseconds(others)}`,
    ratio: ratio(ours, others),
    ...(most !== undefined && { target: { at: "most", value: most } }),
  };
}

/** Takes what a server exports, and throws it away. */
function startCollector() {
  let reports = 0;
  const listener = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    await request.body?.cancel();
    reports++;
    return Response.json({});
  });
  return {
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${listener.addr.port}`,
      OTEL_BSP_SCHEDULE_DELAY: "200",
    },
    hasReports: () => reports > 0,
    [Symbol.asyncDispose]: () => listener.shutdown(),
  };
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString("en")}/s`;
}

function milliseconds(values: readonly number[]): string {
  return `${Number(median(values).toPrecision(3))} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

if (import.meta.main) await main();
