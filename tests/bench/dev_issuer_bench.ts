/**
 * Shows that registration and sign-in of the development authorization server stay flat as clients and grants pile up:
 * medians at 10 and at 10,000 of each, in this process, with the database in memory. Run it with
 * `deno run tests/bench/dev_issuer_bench.ts`.
 */
import { createDevIssuer, type DevIssuer } from "../../src/dev/issuer/issuer.ts";
import { codeFor, redeem } from "../dev/flow.ts";
import { createClock, ISSUER, register, RESOURCE } from "../dev/dev_issuer.ts";

const SAMPLES = 200;

async function signIn(issuer: DevIssuer, clientId: string): Promise<void> {
  const response = await redeem(issuer, clientId, await codeFor(issuer, clientId));
  await response.body?.cancel();
}

/** Median milliseconds of one call. */
async function median(call: (index: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < SAMPLES; index++) {
    const start = performance.now();
    await call(index);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[SAMPLES / 2] ?? NaN;
}

async function measure(existing: number): Promise<{ registration: number; signIn: number }> {
  const clock = createClock();
  const issuer = await createDevIssuer({
    issuer: ISSUER,
    resource: RESOURCE,
    scopes: { a: "A" },
    now: clock.now,
  });
  /** The rate limits count per minute: a second of their time passes with each client. */
  async function newClient(name: string): Promise<string> {
    clock.pass(1);
    return (await register(issuer, { client_name: name })).client_id;
  }
  for (let index = 0; index < existing; index++) await signIn(issuer, await newClient(`Existing ${index}`));
  const clientId = await newClient("Measured");
  return {
    registration: await median((index) => newClient(`New ${index}`)),
    signIn: await median(() => {
      clock.pass(1);
      return signIn(issuer, clientId);
    }),
  };
}

if (import.meta.main) {
  await measure(500);
  const few = await measure(10);
  const many = await measure(10_000);
  for (const what of ["registration", "signIn"] as const) {
    const [before, after] = [few[what], many[what]];
    const ratio = (after / before).toFixed(2);
    console.log(`${what}: ${before.toFixed(3)} ms at 10, ${after.toFixed(3)} ms at 10,000, ratio ${ratio}`);
  }
}
