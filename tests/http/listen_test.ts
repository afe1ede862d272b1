import { getLogger } from "@logtape/logtape";
import assert from "node:assert/strict";
import { type Connection, type Handler, type Listener, listenUntil } from "../../src/http/listen.ts";
import { logged } from "../log_records.ts";

const log = getLogger(["mcp", "http"]);

/** Listeners that fail and close when the test says so. */
function listeners() {
  const made: {
    readonly fail: (error: Error) => void;
    readonly handle: Handler<undefined>;
    closed: boolean;
  }[] = [];
  const waiting: (() => void)[] = [];
  function listen(handle: Handler<undefined>): Listener {
    const { promise: finished, reject } = Promise.withResolvers<void>();
    const entry = { fail: reject, handle, closed: false };
    made.push(entry);
    waiting.splice(0).forEach((resolve) => resolve());
    return {
      finished,
      shutdown() {
        entry.closed = true;
        return Promise.resolve();
      },
    };
  }
  async function nth(index: number) {
    while (made.length <= index) await new Promise<void>((resolve) => waiting.push(resolve));
    return made[index]!;
  }
  return { listen, nth, made };
}

const ok: Handler<undefined> = () => new Response("ok");
const REQUEST = new Request("http://localhost/");

Deno.test("a listener that fails is replaced, as often as it takes, and each failure is logged (A3)", async () => {
  const { listen, nth, made } = listeners();
  const stopping = new AbortController();
  const records = await logged(async () => {
    const listening = listenUntil(stopping.signal, { listen, handler: ok, log, againMs: 1, shutdownMs: 20 });
    for (const index of [0, 1, 2]) {
      (await nth(index)).fail(new Error(`Too many open files, ${index}`));
    }
    const last = await nth(3);
    assert.equal(await (await last.handle(REQUEST, undefined)).text(), "ok");
    stopping.abort();
    assert.equal(await listening, 0);
    assert.equal(last.closed, true);
  });
  assert.equal(made.length, 4);
  const errors = records.filter(({ level }) => level === "error");
  assert.deepEqual(errors.map(({ properties }) => String(properties["error"])), [
    "Error: Too many open files, 0",
    "Error: Too many open files, 1",
    "Error: Too many open files, 2",
  ]);
});

Deno.test("a listener that cannot even begin again is tried again later (A3)", async () => {
  const { listen, nth } = listeners();
  const stopping = new AbortController();
  let attempts = 0;
  await logged(async () => {
    const listening = listenUntil(stopping.signal, {
      listen(handler) {
        if (attempts++ === 1) throw new Error("Too many open files");
        return listen(handler);
      },
      handler: ok,
      log,
      againMs: 1,
      shutdownMs: 20,
    });
    (await nth(0)).fail(new Error("Too many open files"));
    await nth(1);
    stopping.abort();
    assert.equal(await listening, 0);
  });
  assert.equal(attempts, 3);
});

Deno.test("what keeps the first listener from listening is told at once", async () => {
  const listen = () => {
    throw new Error("The port is in use");
  };
  const { signal } = new AbortController();
  await assert.rejects(
    listenUntil(signal, { listen, handler: ok, log, againMs: 1, shutdownMs: 1 }),
    /in use/,
  );
});

Deno.test("requests in flight may end, and those that do not are counted and logged (A14)", async () => {
  for (const ends of [true, false]) {
    const { nth, listen } = listeners();
    const stopping = new AbortController();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const handler = async () => {
      await released;
      return new Response("ok");
    };
    const records = await logged(async () => {
      const listening = listenUntil(stopping.signal, {
        listen: (handle) => ({ ...listen(handle), shutdown: () => ends ? released : new Promise(() => {}) }),
        handler,
        log,
        againMs: 1,
        shutdownMs: ends ? 10_000 : 10,
      });
      const answer = (await nth(0)).handle(REQUEST, undefined);
      stopping.abort();
      if (ends) release();
      assert.equal(await listening, ends ? 0 : 1);
      release();
      await answer;
    });
    assert.equal(records.some(({ level }) => level === "error"), !ends);
  }
});

Deno.test("an event stream is in flight until its end (A14, issue 10 part 1)", async () => {
  for (const ends of [true, false]) {
    const made = listeners();
    const stopping = new AbortController();
    const { promise: completed, resolve: complete } = Promise.withResolvers<void>();
    const listening = listenUntil<Connection>(stopping.signal, {
      listen: (handle) => ({
        ...made.listen((request) => handle(request, { completed })),
        shutdown: () => ends ? completed : new Promise(() => {}),
      }),
      handler: () => new Response("", { headers: { "content-type": "text/event-stream" } }),
      log,
      againMs: 1,
      shutdownMs: ends ? 10_000 : 10,
    });
    await (await made.nth(0)).handle(REQUEST, undefined);
    stopping.abort();
    if (ends) complete();
    assert.equal(await listening, ends ? 0 : 1);
  }
});

Deno.test("a connection that stays open without a request in flight is nothing to give up (A14)", async () => {
  const { listen } = listeners();
  const stopping = new AbortController();
  const listening = listenUntil(stopping.signal, {
    listen: (handle) => ({ ...listen(handle), shutdown: () => new Promise(() => {}) }),
    handler: ok,
    log,
    againMs: 1,
    shutdownMs: 10,
  });
  stopping.abort();
  assert.equal(await listening, 0);
});
