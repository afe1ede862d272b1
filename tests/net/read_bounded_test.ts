import assert from "node:assert/strict";
import { BrokenOff, readBounded, TooLarge } from "../../src/net/read_bounded.ts";

function chunks(
  ...sizes: number[]
): { body: ReadableStream<Uint8Array>; state: { pulled: number; cancelled: unknown } } {
  const state = { pulled: 0, cancelled: undefined as unknown };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const size = sizes[state.pulled];
      if (size === undefined) return controller.close();
      controller.enqueue(new Uint8Array(size).fill(state.pulled++));
    },
    cancel: (reason) => void (state.cancelled = reason ?? "cancelled"),
  }, { highWaterMark: 0 });
  return { body, state };
}

Deno.test("a body comes back whole, in order, up to the very limit", async () => {
  const bytes = await readBounded(chunks(1, 20_000, 0, 3, 50_000).body, 70_004);
  assert.equal(bytes.length, 70_004);
  assert.deepEqual([bytes[0], bytes[1], bytes[20_001], bytes[20_004], bytes[70_003]], [0, 1, 3, 4, 4]);
  assert.equal((await readBounded(null, 10)).length, 0);
});

Deno.test("one byte too many is refused, the sender is told, and the rest is not read (A2, A12)", async () => {
  const { body, state } = chunks(10, 10, 10);
  await assert.rejects(readBounded(body, 15), TooLarge);
  assert.deepEqual(state, { pulled: 2, cancelled: "cancelled" });
});

Deno.test("reading ends with the signal, though no further chunk ever comes (A2)", async () => {
  const controller = new AbortController();
  let cancelled: unknown;
  const body = new ReadableStream<Uint8Array>({ cancel: (reason) => void (cancelled = reason) });
  const reading = readBounded(body, 10, controller.signal);
  const reason = new Error("gone");
  controller.abort(reason);
  await assert.rejects(reading, reason);
  assert.equal(cancelled, reason);
  await assert.rejects(readBounded(chunks(1).body, 10, controller.signal), reason);
});

Deno.test("a body that fails halfway has broken off, whatever its runtime calls that (A14)", async () => {
  const cause = new TypeError("connection lost");
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(cause) });
  await assert.rejects(readBounded(body, 10), (error) => error instanceof BrokenOff && error.cause === cause);
});

Deno.test("a stream of bytes is put together over many reads, up to the very limit, and ends with the signal (A2)", async () => {
  const bytes = (count: number, closing: boolean) => {
    let sent = 0;
    const source: UnderlyingByteSource = {
      type: "bytes",
      autoAllocateChunkSize: 1024,
      pull(controller) {
        if (sent === count) {
          if (!closing) return new Promise<void>(() => {});
          controller.close();
          controller.byobRequest?.respond(0);
          return;
        }
        const { view } = controller.byobRequest as ReadableStreamBYOBRequest;
        new Uint8Array(view!.buffer, view!.byteOffset, 1)[0] = sent++ % 256;
        controller.byobRequest?.respond(1);
      },
    };
    return new ReadableStream(source);
  };
  const read = await readBounded(bytes(20_000, true), 20_000);
  assert.deepEqual(read, new Uint8Array(20_000).map((_, index) => index % 256));
  await assert.rejects(readBounded(bytes(20_001, true), 20_000), TooLarge);
  const controller = new AbortController();
  const reading = readBounded(bytes(100, false), 20_000, controller.signal);
  controller.abort(new Error("gone"));
  await assert.rejects(reading, /gone/);
});

Deno.test("however fast chunks come, others get their turn while a body is read (A2)", async () => {
  let sent = 0;
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const until = performance.now() + 0.1;
      while (performance.now() < until);
      if (sent++ < 1_000) controller.enqueue(new Uint8Array(1));
      else controller.close();
    },
  });
  assert.equal((await readBounded(body, 2_000)).length, 1_000);
  clearInterval(timer);
  assert.ok(turns > 2, `${turns} turns`);
});

Deno.test("any of several signals ends the reading, for its own reason (A2)", async () => {
  const [time, caller] = [new AbortController(), new AbortController()];
  const reading = readBounded(new ReadableStream<Uint8Array>(), 10, time.signal, caller);
  const reason = new Error("the caller has gone");
  caller.abort(reason);
  await assert.rejects(reading, reason);
});

Deno.test("a body that has arrived is taken as it is, and nobody asks whether its sender has gone", async () => {
  const chunk = new Uint8Array([1, 2, 3]);
  const sender = {
    get signal(): AbortSignal {
      throw new Error("The signal was asked for.");
    },
  };
  const { body } = new Response(chunk);
  assert.deepEqual([...await readBounded(body, 10, undefined, sender)], [1, 2, 3]);
});

Deno.test("a sender that has gone before its body came ends the reading, and the stream is told (A2)", async () => {
  const reason = new Error("gone");
  let cancelled: unknown;
  const body = new ReadableStream<Uint8Array>({ cancel: (given) => void (cancelled = given) });
  await assert.rejects(readBounded(body, 10, undefined, { signal: AbortSignal.abort(reason) }), reason);
  assert.equal(cancelled, reason);
});
