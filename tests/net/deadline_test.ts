import assert from "node:assert/strict";
import { withDeadline } from "../../src/net/deadline.ts";

const TIME_UP = new Error("The time is up.");

/** Runs something, and counts the timers that are set meanwhile. */
async function timersDuring(run: () => Promise<unknown>): Promise<number> {
  const { setTimeout } = globalThis;
  let timers = 0;
  globalThis.setTimeout = ((...given: Parameters<typeof setTimeout>) => {
    timers++;
    return setTimeout(...given);
  }) as typeof setTimeout;
  try {
    await run();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
  return timers;
}

async function steps(count: number): Promise<string> {
  for (let step = 0; step < count; step++) await undefined;
  return "done";
}

Deno.test("a timer is set for what makes us wait, and for nothing else", async () => {
  const limited = (run: () => Promise<unknown>) => () => withDeadline(60_000, () => TIME_UP, run);
  const nested = limited(limited(() => steps(20)));
  assert.equal(await timersDuring(nested), 0);
  assert.equal(await timersDuring(limited(() => new Promise((resolve) => setImmediate(resolve)))), 1);
});

Deno.test("what takes too long is ended, however many steps it took before it had to wait (A2)", async () => {
  for (const count of [0, 1_000]) {
    let reason: unknown;
    const ended = withDeadline(1, () => TIME_UP, async ({ signal }) => {
      signal.addEventListener("abort", () => void (reason = signal.reason));
      await steps(count);
      await new Promise(() => {});
    });
    await assert.rejects(ended, TIME_UP);
    assert.equal(reason, TIME_UP);
  }
});

Deno.test("what fails without waiting fails with its own error", async () => {
  const error = new Error("its own");
  await assert.rejects(withDeadline(1, () => TIME_UP, () => Promise.reject(error)), error);
});
