import assert from "node:assert/strict";
import { ask, createTestServer, ERAS, toolCall } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

for (const era of ERAS) {
  for (const accept of ["application/json", "text/event-stream"]) {
    Deno.test(`${era}, ${accept}: a tool that never ends is given up with 503, and told so (TRN-27)`, async () => {
      const seen: { signal?: AbortSignal } = {};
      const { promise: never } = Promise.withResolvers<never>();
      const endless = tool("endless", (_, { signal }) => {
        seen.signal = signal;
        return never;
      });
      const { server } = await createTestServer({ app: tinyApp([endless]), timeLimitMs: 20 });
      const { status, body } = await ask(server, toolCall(era, "endless", {}, { headers: { accept } }));
      assert.equal(status, 503);
      assert.match(body.error?.message ?? "", /longer than 0.02 seconds/);
      assert.equal(seen.signal?.aborted, true);
    });
  }

  Deno.test(`${era}: a tool that heeds the signal ends with the request (TRN-27)`, async () => {
    const heeding = tool("heeding", async (_, { signal }) => {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      return { data: { answer: "never" }, text: "never" };
    });
    const { server } = await createTestServer({ app: tinyApp([heeding]), timeLimitMs: 20 });
    assert.equal((await ask(server, toolCall(era, "heeding"))).status, 503);
  });
}

Deno.test("a body that never ends is given up as well (TRN-27)", async () => {
  const { server } = await createTestServer({ timeLimitMs: 20 });
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
  });
  const request = new Request("http://localhost:8000/mcp", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  assert.equal((await ask(server, request)).status, 503);
});

Deno.test("in the modern era a caller that hangs up stops the tool, in the legacy era it does not (TRN-12)", async () => {
  for (const era of ERAS) {
    const { promise: started, resolve: start } = Promise.withResolvers<AbortSignal>();
    const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
    const slow = tool("slow", async (_, { signal }) => {
      start(signal);
      await finished;
      return { data: { answer: "done" }, text: "done" };
    });
    const { server } = await createTestServer({ app: tinyApp([slow]) });
    const caller = new AbortController();
    const answer = server.request(new Request(toolCall(era, "slow"), { signal: caller.signal }));
    const signal = await started;
    caller.abort();
    assert.equal(signal.aborted, era === "modern");
    finish();
    await (await answer).body?.cancel();
  }
});
