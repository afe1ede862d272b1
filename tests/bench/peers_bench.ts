/**
 * Measures our server beside others from npm: the same two tools, the same issuer, the same answers, every figure a
 * ratio from interleaved rounds. Prints tables and writes the plot `docs/bench.svg` and `data/bench.json`. Names as
 * arguments pick servers; with them, or with `--quick`, which shows in few rounds that all of it works, the plot is
 * `data/bench.svg`.
 */
import { commandOf, type Contender, CONTENDERS, install, LEFT_OUT, ours as oursOf } from "./contenders.ts";
import type { Floor } from "./floor.ts";
import { type Issuer, startIssuer } from "./issuer.ts";
import { type Bar, plot } from "./plot.ts";
import { type Command, denoOn, type Serving, startServer } from "./process.ts";
import { type Question, questions, unknownKeys } from "./questions.ts";
import { type Effort, measure, measureFlood, ratio, sameAnswers } from "./rates.ts";
import { machine, markdown, median } from "./report.ts";

const quick = Deno.args.includes("--quick");
const wanted = Deno.args.filter((arg) => !arg.startsWith("--"));
const EFFORT: Effort = quick ? { rounds: 2, ms: 100, warmUp: 200 } : { rounds: 3, ms: 250, warmUp: 1_000 };
/** For each server: 33 measurements of it and of what it is compared with, warm-up at some 700 calls a second, starts. */
const SECONDS_EACH = (33 * EFFORT.rounds * EFFORT.ms + 25 * EFFORT.warmUp) / 1_000 + 4;
const COMMAND = ["deno task bench:peers", ...Deno.args].join(" ");
const MANY_TOOLS = 198;
const CONNECTIONS = [1, 4, 16, 64, 256];
const [ANONYMOUS, SIGNED_IN, MANY_TOKENS] = ["anonymous", "signed in, 1 token", "signed in, 1,000 tokens"];

/** What was seen of one server: ratios, or why there are none. */
interface Report {
  readonly name: string;
  /** Our answers per second over its, by question. */
  readonly ours: Record<string, number | string>;
  /** Its answers per second over those of the floor that parses and writes, by question. */
  readonly floor: Record<string, number>;
  /** p99 of calls with many tokens during a flood of unknown keys, over that without. */
  flood?: number | string;
  /** Answers per second with 200 tools over those with two. */
  tools?: number | string;
  /** Answers per second of anonymous calls by the number of connections, over those by 16. */
  connections?: Record<string, number> | string;
}

async function main(): Promise<void> {
  const chosen = CONTENDERS.filter(({ name }) =>
    wanted.length === 0 || wanted.some((word) => name.includes(word))
  );
  const estimate = Math.ceil((chosen.length + 1) * SECONDS_EACH / 60);
  console.error(`This takes about ${estimate} minutes once npm has installed the packages.`);
  const folder = await Deno.makeTempDir();
  const versions = await install(folder, chosen);
  await using issuer = await startIssuer();
  const asked = await questions(issuer);
  const own = await examineOurs(asked, issuer);
  const floors = await attempt(() => measureFloors(asked, issuer));
  const reports: Report[] = [];
  const started = performance.now();
  for (const contender of chosen) {
    const command = (unused: number) => commandOf(contender, folder, issuer.issuer, unused);
    reports.push(await examine(nameOf(contender), command, asked, issuer));
    // What is known so far is written down, in case that the rest does not come to an end.
    writeJson(own, reports, floors, versions);
    const minutes = (performance.now() - started) / 60_000;
    const left = minutes / reports.length * (chosen.length - reports.length);
    console.error(`${nameOf(contender)} is done; about ${left.toFixed(1)} minutes are left.`);
  }
  await Deno.remove(folder, { recursive: true });
  write(own, reports, floors, versions);
}

function nameOf({ name, version, runtime }: Contender): string {
  return `${name} ${version}, ${runtime}`;
}

/** Whatever goes wrong with one server is its entry in the table. */
async function attempt<T>(run: () => Promise<T>): Promise<T | string> {
  try {
    return await run();
  } catch (error) {
    return error instanceof Error ? error.message.split("\n")[0]!.slice(0, 120) : String(error);
  }
}

async function examine(
  name: string,
  command: (unused: number) => Command,
  asked: readonly Question[],
  issuer: Issuer,
): Promise<Report> {
  const report: Report = { name, ours: {}, floor: {} };
  await using our = await startServer(oursOf(issuer.issuer));
  await using floor = await startServer(denoOn("floor.ts", issuer.issuer, "JSON", String(our.port)));
  const their = await attempt(() => startServer(command(0)));
  if (typeof their === "string") {
    for (const question of asked) report.ours[question.name] = their;
    return report;
  }
  await using their_ = their;
  for (const question of asked) {
    const compared = await attempt(() => compare(question, [our, their_], floor));
    if (typeof compared === "string") report.ours[question.name] = compared;
    else {
      report.ours[question.name] = compared.ours;
      if (compared.floor !== undefined) report.floor[question.name] = compared.floor;
    }
  }
  return { ...report, ...await examineFurther(command, their_, asked, issuer) };
}

async function compare(question: Question, servers: readonly [Serving, Serving], floor: Serving) {
  const [our, their] = await sameAnswers(question, servers);
  const below = question.name === "denied" ? [] : await sameAnswers(question, [floor]);
  const [ours, theirs, floors] = await measure(question, [our!, their!, ...below], EFFORT);
  return {
    ours: ratio(ours!.rates, theirs!.rates),
    floor: floors && ratio(theirs!.rates, floors.rates),
  };
}

/** What needs no other server beside it: each is compared with itself. */
async function examineFurther(
  command: (unused: number) => Command,
  few: Serving,
  asked: readonly Question[],
  issuer: Issuer,
): Promise<Pick<Report, "flood" | "tools" | "connections">> {
  const of = (name: string) => asked.find((question) => question.name === name)!;
  return {
    flood: await attempt(async () => {
      const [good] = await sameAnswers(of(MANY_TOKENS!), [few]);
      const { flooded, calm } = await measureFlood(
        of(MANY_TOKENS!),
        good!,
        await unknownKeys(issuer),
        EFFORT,
      );
      return ratio(flooded, calm);
    }),
    tools: await attempt(async () => {
      await using many = await startServer(command(MANY_TOOLS));
      const answers = await sameAnswers(of(ANONYMOUS!), [many, few]);
      const [with200, with2] = await measure(of(ANONYMOUS!), answers, EFFORT);
      return ratio(with200!.rates, with2!.rates);
    }),
    connections: await attempt(async () => {
      const [answer] = await sameAnswers(of(ANONYMOUS!), [few]);
      const rates: Record<string, number> = {};
      for (const connections of CONNECTIONS) {
        const [side] = await measure(of(ANONYMOUS!), [answer!], EFFORT, { connections });
        rates[connections] = median(side!.rates);
      }
      return Object.fromEntries(CONNECTIONS.map((count) => [count, rates[count]! / rates[16]!]));
    }),
  };
}

async function examineOurs(asked: readonly Question[], issuer: Issuer): Promise<Report> {
  const command = (unused: number) => oursOf(issuer.issuer, unused);
  return { ...await examine("this server", command, asked, issuer), ours: {} };
}

/** The floors beside the one that parses and writes: their answers per second over its. */
async function measureFloors(asked: readonly Question[], issuer: Issuer): Promise<Record<Floor, number>> {
  await using our = await startServer(oursOf(issuer.issuer));
  const start = (kind: Floor) => startServer(denoOn("floor.ts", issuer.issuer, kind, String(our.port)));
  await using constant = await start("constant");
  await using json = await start("JSON");
  await using signature = await start("signature");
  const question = asked.find(({ name }) => name === SIGNED_IN)!;
  const answers = await sameAnswers(question, [our, constant, json, signature]);
  const [first, second, third] = await measure(question, answers.slice(1), EFFORT);
  const over = (side: typeof first) => ratio(side!.rates, second!.rates);
  return { constant: over(first), JSON: 1, signature: over(third) };
}

function write(
  own: Report,
  reports: readonly Report[],
  floors: Record<Floor, number> | string,
  versions: readonly string[],
): void {
  const names = [
    ANONYMOUS!,
    SIGNED_IN!,
    MANY_TOKENS!,
    "denied",
    "tools/list",
    "widget",
    "initialize",
    "server/discover",
  ];
  const shown = (value: number | string | undefined) => typeof value === "number" ? value.toFixed(1) : "–";
  const share = (value: number | string | undefined) => typeof value === "number" ? value.toFixed(2) : "–";
  const all = [own, ...reports];
  const reasons = new Set(
    reports.flatMap(({ name, ...report }) =>
      Object.entries({
        ...report.ours,
        flood: report.flood,
        tools: report.tools,
        connections: report.connections,
      })
        .filter(([, value]) => typeof value === "string").map(([what, value]) =>
          `* ${name}, ${what}: ${value}`
        )
    ),
  );
  const tables = [
    "Our answers per second over theirs:",
    markdown([
      ["server", ...names],
      ...reports.map(({ name, ours }) => [name, ...names.map((n) => shown(ours[n]))]),
    ]),
    "Their answers per second over those of a server that only parses the question and writes an answer of the same size:",
    markdown([
      ["server", ...names],
      ...all.map(({ name, floor }) => [name, ...names.map((n) => share(floor[n]))]),
    ]),
    "Each beside itself: p99 of good calls in a flood of unknown keys, rate with 200 tools, rate by connections (16 is 1):",
    markdown([
      ["server", "flood", "200 tools", ...CONNECTIONS.map(String)],
      ...all.map(({ name, flood, tools, connections }) => [
        ...[name, share(flood), share(tools)],
        ...CONNECTIONS.map((count) =>
          share(typeof connections === "object" ? connections[count] : undefined)
        ),
      ]),
    ]),
    typeof floors === "string"
      ? `Floors: ${floors}`
      : `Floors, over the one that parses and writes: constant ${share(floors.constant)}, with a signature ${
        share(floors.signature)
      }.`,
    [
      ...reasons,
      ...Object.entries(LEFT_OUT).map(([name, reason]) => `* ${name} is left out: ${reason}`),
      ...fasterPeers(reports),
    ].join("\n"),
    `\`${COMMAND}\`; ${machine()}, Node ${nodeVersion()}; ${
      versions.join(", ")
    }; medians of ${EFFORT.rounds} rounds.`,
  ];
  console.log(tables.filter(Boolean).join("\n\n"));
  const bars = all.flatMap(({ name, floor }): Bar[] =>
    floor[ANONYMOUS!] === undefined
      ? []
      : [{ name, anonymous: floor[ANONYMOUS!]!, signedIn: floor[SIGNED_IN!] ?? 0, own: name === own.name }]
  );
  // The plot of the README is one of all servers, well measured.
  const file = quick || wanted.length > 0 ? "data/bench.svg" : "docs/bench.svg";
  Deno.writeTextFileSync(new URL(`../../${file}`, import.meta.url), plot(bars));
}

function writeJson(
  own: Report,
  reports: readonly Report[],
  floors: Record<Floor, number> | string,
  versions: readonly string[],
): void {
  const json = {
    command: COMMAND,
    machine: machine(),
    node: nodeVersion(),
    versions,
    effort: EFFORT,
    leftOut: LEFT_OUT,
    faster: fasterPeers(reports),
    ...{ own, reports, floors },
  };
  Deno.mkdirSync(new URL("../../data/", import.meta.url), { recursive: true });
  Deno.writeTextFileSync(
    new URL("../../data/bench.json", import.meta.url),
    JSON.stringify(json, undefined, 2),
  );
}

/** Every row in which somebody is faster than we are. */
function fasterPeers(reports: readonly Report[]): string[] {
  const faster = reports.flatMap(({ name, ours }) =>
    Object.entries(ours).flatMap(([what, value]) =>
      typeof value === "number" && value < 1
        ? `* ${name} is faster, ${what}: ${(1 / value).toFixed(2)} times our answers per second`
        : []
    )
  );
  return faster.length > 0 ? faster : ["* Nobody is faster in any row."];
}

function nodeVersion(): string {
  const { stdout } = new Deno.Command("node", { args: ["--version"] }).outputSync();
  return new TextDecoder().decode(stdout).trim().slice(1);
}

if (import.meta.main) await main();
