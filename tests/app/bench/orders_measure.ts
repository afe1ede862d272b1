import { createApp } from "../create_app.ts";
import { ask, createTestServer, ISSUER, toolCall } from "../support.ts";
import { openPlace } from "./orders_place.ts";

const WARM_UP = 500;
/** The database's process reads a page of memory fast once it has seen it: as many calls as there are people. */
const STORE_WARM_UP = 10_000;
const STORE_CALLS = 3_000;
const SERVER_CALLS = 2_000;
/** Different people who ask through the server; the store is asked for all of them. */
const CALLERS = 100;
const PAGE = 20;

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** What one process has seen of one database. */
export interface Measurement {
  readonly store: Percentiles;
  readonly server: Percentiles;
  /** Resident memory in bytes, after all calls. */
  readonly memory: number;
  readonly explain: string;
}

async function measure(address: string, people: number): Promise<Measurement> {
  const place = await openPlace(address);
  const someone = (below: number) => `person-${Math.trunc(Math.random() * below)}`;
  const store = await time(STORE_WARM_UP, STORE_CALLS, async () => {
    const orders = await place.store.recent({ issuer: ISSUER, subject: someone(people) }, PAGE + 1);
    if (orders.length !== PAGE + 1) throw new Error(`Expected a full page, got ${orders.length} orders.`);
  });

  const { server, issuer } = await createTestServer({ app: createApp({ orders: place.store }) });
  const tokens = await Promise.all(
    Array.from({ length: CALLERS }, () => issuer.token({ sub: someone(people) })),
  );
  let call = 0;
  const throughServer = await time(WARM_UP, SERVER_CALLS, async () => {
    const token = tokens[call++ % CALLERS];
    const { body } = await ask(server, toolCall("legacy", "see_past_orders", {}, { token }));
    if (!body.result?.structuredContent?.["nextCursor"]) throw new Error("Expected a full page.");
  });
  const explain = await place.explain();
  await place.close();
  return { store, server: throughServer, memory: Deno.memoryUsage().rss, explain };
}

async function time(warmUp: number, calls: number, run: () => Promise<void>): Promise<Percentiles> {
  for (let call = 0; call < warmUp; call++) await run();
  const times: number[] = [];
  for (let call = 0; call < calls; call++) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { p50: times[calls >> 1]!, p99: times[Math.trunc(calls * 0.99)]! };
}

if (import.meta.main) {
  const [address, people] = Deno.args as [string, string];
  console.log(JSON.stringify(await measure(address, Number(people))));
}
