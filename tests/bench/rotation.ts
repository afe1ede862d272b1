import { ours } from "./contenders.ts";
import { FIRST_KEY, type Issuer, NEXT_KEY } from "./issuer.ts";
import { loans } from "./library.js";
import { load, type Loaded } from "./load.ts";
import { startServer } from "./process.ts";
import { callsWithTokens, data } from "./questions.ts";
import { sameAnswers, type Side } from "./rates.ts";

/** Calls of one window: half with tokens that the server knows, half with new ones. */
const CALLS = 1_000;

/** What our server did before its issuer changed keys, and from then on. */
export interface Rotated {
  readonly before: Side;
  readonly after: Side;
}

/**
 * Good traffic while the issuer begins to sign with another key and goes on publishing the old one. Each round has a
 * server of its own, which has to fetch the key in its second window.
 *
 * @throws Error when a call is refused.
 */
export async function measureRotation(issuer: Issuer, rounds: number): Promise<Rotated> {
  const calls = (keyId: string) => callsWithTokens(issuer, loans.name, CALLS / 2, keyId);
  const known = await calls(FIRST_KEY);
  // So that no window is the first to verify signatures.
  const warmUp = [...known, ...known, ...await calls(FIRST_KEY)];
  const [old, next] = [await calls(FIRST_KEY), await calls(NEXT_KEY)];
  const [before, after] = [createSide(), createSide()];
  for (let round = 0; round < rounds; round++) {
    issuer.publish(FIRST_KEY);
    await using server = await startServer(ours(issuer.issuer));
    await sameAnswers({ name: "key rotation", requests: known, essence: data }, [server]);
    const send = (requests: readonly Uint8Array<ArrayBuffer>[]) =>
      load(server.port, requests, 200, { calls: requests.length });
    await send(warmUp);
    before.add(await send(known.flatMap((request, index) => [request, old[index]!])));
    issuer.publish(FIRST_KEY, NEXT_KEY);
    after.add(await send(known.flatMap((request, index) => [request, next[index]!])));
  }
  issuer.publish(FIRST_KEY);
  return { before, after };
}

function createSide() {
  const [rates, p99s]: [number[], number[]] = [[], []];
  return {
    rates,
    p99s,
    add(loaded: Loaded) {
      rates.push(loaded.rate);
      p99s.push(loaded.p99);
    },
  };
}
