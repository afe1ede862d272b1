/**
 * Past orders by way of the whole server, in calls per second, with SQLite and with Postgres as the store; everyone's
 * are the demo orders. Run it with `deno run -A tests/app/bench/store_bench.ts`.
 */
import { startIssuer } from "../../bench/issuer.ts";
import { denoOn, startServer } from "../../bench/process.ts";
import { callsWithTokens, type Question } from "../../bench/questions.ts";
import { measure, QUICK, ratio, sameAnswers, THOROUGH } from "../../bench/rates.ts";
import { machine, markdown, median } from "../../bench/report.ts";
import { startPostgres } from "../postgres_server.ts";

const EFFORT = Deno.args.includes("--quick") ? QUICK : THOROUGH;
const PEOPLE = 100;

/** What both stores have to say of the first person; each makes up ids of its own. */
const essence: Question["essence"] = ({ result }) => {
  const { orders } = result.structuredContent as { orders: { restaurant: string; total: unknown }[] };
  return orders.length > 0 ? orders.map(({ restaurant, total }) => ({ restaurant, total })) : undefined;
};

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  await using postgres = await startPostgres();
  await using issuer = await startIssuer("orders:read");
  const start = (address: string) =>
    startServer(denoOn("../app/bench/orders_server.ts", issuer.issuer, address));
  await using onSqlite = await start(`${folder}/orders.db`);
  await using onPostgres = await start(await postgres.createDatabase());
  const everyone = await callsWithTokens(issuer, "see_past_orders", PEOPLE);
  const questions = [
    { name: "1 person", requests: everyone.slice(0, 1), essence },
    { name: `${PEOPLE} people`, requests: everyone, essence },
  ];
  const rows: string[][] = [];
  for (const question of questions) {
    const answers = await sameAnswers(question, [onSqlite, onPostgres]);
    const [sqlite, other] = await measure(question, answers, EFFORT);
    const shown = [sqlite!, other!].flatMap(({ rates, p99s }) => [
      Math.round(median(rates)).toLocaleString("en"),
      median(p99s).toFixed(1),
    ]);
    rows.push([question.name, ...shown, ratio(sqlite!.rates, other!.rates).toFixed(2)]);
  }
  console.log(`see_past_orders, calls per second; ${machine()}; medians of ${EFFORT.rounds} rounds\n`);
  console.log(markdown([
    ["signed in", "SQLite", "p99 in ms", "Postgres", "p99 in ms", "SQLite over Postgres"],
    ...rows,
  ]));
  await Deno.remove(folder, { recursive: true });
}

if (import.meta.main) await main();
