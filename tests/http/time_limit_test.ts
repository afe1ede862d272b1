import assert from "node:assert/strict";
import { ask, createTestServer, ERAS, RESOURCE, type RpcAnswer, toolCall } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

for (const era of ERAS) {
  for (const accept of ["application/json", "text/event-stream"]) {
    Deno.test(`${era}, ${accept}: a tool that never ends is given up, and the caller told so in its result (TRN-27, issue 10 part 1)`, async () => {
      const seen: { signal?: AbortSignal } = {};
      const { promise: never } = Promise.withResolvers<never>();
      const endless = tool(
        "endless",
        (_, { signal }) => {
          seen.signal = signal;
          return never;
        },
        undefined,
        { timeLimitMs: 20 },
      );
      const { server } = await createTestServer({ app: tinyApp([endless]) });
      const request = toolCall(era, "endless", {}, { id: "mine", headers: { accept } });
      const { status, headers, text } = await ask(server, request);
      assert.equal(status, 200);
      assert.match(headers.get("content-type") ?? "", new RegExp(`^${accept}`));
      const { id, result } = JSON.parse(text.replace(/^event: message\ndata: /, ""));
      assert.equal(id, "mine");
      assert.equal(result.isError, true);
      assert.match(result.content[0].text, /longer than 0.02 seconds/);
      assert.equal(seen.signal?.aborted, true);
    });
  }

  Deno.test(`${era}: a tool that heeds the signal ends with the request (TRN-27)`, async () => {
    const heeding = tool(
      "heeding",
      async (_, { signal }) => {
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        return { data: { answer: "never" }, text: "never" };
      },
      undefined,
      { timeLimitMs: 20 },
    );
    const { server } = await createTestServer({ app: tinyApp([heeding]) });
    const { body } = await ask(server, toolCall(era, "heeding"));
    assert.match(body.result?.content?.[0]?.text ?? "", /longer than 0.02 seconds/);
  });

  Deno.test(`${era}: a tool may take longer than a request may outside of tools (TRN-27, issue 10 part 1)`, async () => {
    const patient = tool(
      "patient",
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        return { data: { answer: "done" }, text: "done" };
      },
      undefined,
      { timeLimitMs: 5_000 },
    );
    const { server } = await createTestServer({ app: tinyApp([patient]), timeLimitMs: 20 });
    const { body } = await ask(server, toolCall(era, "patient"));
    assert.deepEqual(body.result?.structuredContent, { answer: "done" });
  });
}

Deno.test("in a batch each tool has its own time, and one that never ends takes no other along (TRN-27, issue 10 part 1)", async () => {
  const { promise: never } = Promise.withResolvers<never>();
  const endless = tool("endless", () => never, undefined, { timeLimitMs: 20 });
  const quick = tool("quick", () => ({ data: { answer: "done" }, text: "done" }));
  const { server } = await createTestServer({ app: tinyApp([endless, quick]) });
  const batch = ["endless", "quick"].map((name) => ({
    ...{ jsonrpc: "2.0", id: name, method: "tools/call", params: { name } },
  }));
  const headers = { "content-type": "application/json", accept: "application/json" };
  const request = new Request(RESOURCE, { method: "POST", headers, body: JSON.stringify(batch) });
  const { body } = await ask<RpcAnswer[]>(server, request);
  const errors = Object.fromEntries(body.map(({ id, result }) => [id, result?.isError === true]));
  assert.deepEqual(errors, { endless: true, quick: false });
});

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
