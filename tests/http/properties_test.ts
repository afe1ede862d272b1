import fc from "fast-check";
import assert from "node:assert/strict";
import { createRateLimit, TooManyCalls } from "../../src/http/rate_limit.ts";
import { readBounded, TooLarge } from "../../src/net/read_bounded.ts";
import { NOW } from "../support.ts";

Deno.test("of an account's calls no more than the budget pass in a minute, in any order and at any time (AUTH-31)", () => {
  const call = fc.record({
    account: fc.constantFrom("a", "b"),
    calls: fc.integer({ min: 1, max: 5 }),
    wait: fc.nat(30_000),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.array(call, { maxLength: 60 }), (perMinute, calls) => {
      let now = NOW;
      const limit = createRateLimit({ perMinute, now: () => now });
      const passed = new Map<string, number>();
      for (const { account, calls: count, wait } of calls) {
        now += wait;
        try {
          limit.countAccount(account, count);
          const key = `${account} ${Math.floor(now / 60_000)}`;
          passed.set(key, (passed.get(key) ?? 0) + count);
        } catch (error) {
          assert.ok(error instanceof TooManyCalls);
          assert.ok(error.retryAfterSeconds >= 1 && error.retryAfterSeconds <= 60);
        }
      }
      for (const count of passed.values()) assert.ok(count <= perMinute);
    }),
  );
});

Deno.test("a body is read byte for byte however it is cut up, or refused once it passes the limit", async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(chunks, fc.integer({ min: 1, max: 1_500 }), fc.boolean(), async (parts, max, bytes) => {
      const whole = parts.flatMap((part) => [...part]);
      const filled = parts.filter(({ length }) => length > 0).map((part) => part.slice());
      const start = (controller: { enqueue(part: Uint8Array<ArrayBuffer>): void; close(): void }) => {
        for (const part of filled) controller.enqueue(part);
        controller.close();
      };
      const body = bytes
        ? new ReadableStream({ type: "bytes", start }) as ReadableStream<Uint8Array>
        : new ReadableStream<Uint8Array<ArrayBuffer>>({ start });
      const read = await readBounded(body, max).catch((error) => error);
      if (whole.length > max) assert.ok(read instanceof TooLarge);
      else assert.deepEqual([...read], whole);
    }),
  );
});
