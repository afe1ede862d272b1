import { startPostgres } from "../postgres_server.ts";
import type { Measurement, Percentiles } from "./orders_measure.ts";
import { openPlace } from "./orders_place.ts";
import { machine, median } from "../../bench/report.ts";

/** Orders of each person, the same in both sizes: what grows is everybody else's. */
const EACH = 100;
const SIZES = { small: 10, large: 10_000 };
/** How much slower a call may be with a thousand times the orders. */
const MOST_GROWTH = 1.5;
/** Resident memory may differ by so many bytes for other reasons. */
const MEMORY_NOISE = 32 * 2 ** 20;

/** The quietest of some rounds, in which the sizes take turns. */
const ROUNDS = 3;
/** What a plan must not do, in the words of either database. */
const SLOW_STEPS = /SCAN orders|Seq Scan|Sort|TEMP B-TREE/;

/** Fills a new database with that many people's orders. */
async function fill(address: string, people: number): Promise<string> {
  const place = await openPlace(address);
  await place.fill(people, EACH);
  await place.close();
  return address;
}

/** Asks a database from a process of its own. */
async function measure(address: string, people: number): Promise<Measurement> {
  const script = new URL("orders_measure.ts", import.meta.url).href;
  const args = ["run", "--allow-all", script, address, String(people)];
  const { success, stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  if (!success) throw new Error("The measuring process failed.");
  return JSON.parse(new TextDecoder().decode(stdout));
}

function quietest(measured: readonly Measurement[], way: "store" | "server"): Percentiles {
  const lowest = (name: keyof Percentiles) => Math.min(...measured.map((each) => each[way][name]));
  return { p50: lowest("p50"), p99: lowest("p99") };
}

/** Prints rows and the plan. @returns whether all is as promised. */
function report(kind: string, small: readonly Measurement[], large: readonly Measurement[]): boolean {
  const flat = (["store", "server"] as const).map((way) => {
    const [few, many] = [quietest(small, way), quietest(large, way)];
    const times = [few, many].map(({ p50, p99 }) => `${p50.toFixed(3)} | ${p99.toFixed(3)}`);
    const growth = many.p50 / few.p50;
    console.log(`| ${kind}, by the ${way} | ${times.join(" | ")} | ${growth.toFixed(2)} |`);
    return growth <= MOST_GROWTH;
  });
  const [before, after] = [small, large].map((measured) => median(measured.map(({ memory }) => memory)));
  const [mib, mibAfter] = [before!, after!].map((bytes) => (bytes / 2 ** 20).toFixed());
  console.log(`| ${kind}, memory in MiB | ${mib} | | ${mibAfter} | | ${(after! / before!).toFixed(2)} |`);
  const indexed = large.every(({ explain }) => !SLOW_STEPS.test(explain));
  return flat.every(Boolean) && indexed && after! - before! <= MEMORY_NOISE;
}

async function main(): Promise<boolean> {
  const folder = await Deno.makeTempDir();
  await using postgres = await startPostgres();
  const places = [
    { kind: "SQLite", create: (size: string) => Promise.resolve(`${folder}/${size}.db`) },
    { kind: "Postgres", create: () => postgres.createDatabase() },
  ];
  console.log(`see_past_orders, milliseconds; ${machine()}\n`);
  console.log(`| 20 newest orders | 1,000: p50 | p99 | 1,000,000: p50 | p99 | growth of p50 |`);
  console.log("|---|---|---|---|---|---|");
  const plans: string[] = [];
  const kept: boolean[] = [];
  for (const { kind, create } of places) {
    const addresses = {
      small: await fill(await create("small"), SIZES.small),
      large: await fill(await create("large"), SIZES.large),
    };
    const small: Measurement[] = [];
    const large: Measurement[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      small.push(await measure(addresses.small, SIZES.small));
      large.push(await measure(addresses.large, SIZES.large));
    }
    kept.push(report(kind, small, large));
    plans.push(`${kind} with 1,000,000 orders:\n${large[0]?.explain}`);
  }
  console.log(`\n${plans.join("\n\n")}`);
  await Deno.remove(folder, { recursive: true });
  return kept.every(Boolean);
}

if (import.meta.main && !await main()) Deno.exit(1);
