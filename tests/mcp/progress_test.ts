import assert from "node:assert/strict";
import { signedIn } from "../../src/mcp/access.ts";
import { ask, createTestServer, ERAS, type RpcAnswer, toolCall } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

const done = { data: { answer: "done" }, text: "done" };
const TOKEN = { meta: { progressToken: "p" } };

const counting = tool(
  "counting",
  (_, { progress }) => {
    for (const step of [1, 2, 2, 1, 3]) progress(step, 3, `Step ${step}`);
    return done;
  },
  undefined,
  { progress: true },
);

/** The messages of an event stream. */
function messagesOf(text: string): (RpcAnswer & { method?: string; params?: unknown })[] {
  return text.split("\n\n").flatMap((event) => /^data: (.*)$/m.exec(event)?.[1] ?? [])
    .map((data) => JSON.parse(data));
}

Deno.test("of two calls in a batch, progress is told of the one that has a token for it (BASE-20)", async () => {
  const { server } = await createTestServer({ app: tinyApp([counting]) });
  const calls = [toolCall("legacy", "counting"), toolCall("legacy", "counting", {}, { ...TOKEN, id: 2 })];
  const body = JSON.stringify(await Promise.all(calls.map((call) => call.clone().json())));
  const messages = messagesOf((await ask(server, new Request(calls[0]!, { body }))).text);
  const reports = messages.filter(({ method }) => method !== undefined);
  assert.equal(messages.length - reports.length, calls.length);
  assert.equal(reports.length, 3);
  for (const { params } of reports) {
    assert.equal((params as { progressToken?: unknown }).progressToken, "p");
  }
});

for (const era of ERAS) {
  Deno.test(`${era}: a tool's progress goes before its result on an event stream, and only grows (issue 10 part 1, BASE-20)`, async () => {
    const { server } = await createTestServer({ app: tinyApp([counting]) });
    const { status, headers, text } = await ask(server, toolCall(era, "counting", {}, TOKEN));
    assert.equal(status, 200);
    assert.match(headers.get("content-type") ?? "", /^text\/event-stream/);
    const messages = messagesOf(text);
    const report = (progress: number) => ({
      jsonrpc: "2.0",
      method: "notifications/progress",
      params: { progressToken: "p", progress, total: 3, message: `Step ${progress}` },
    });
    assert.deepEqual(messages.slice(0, 3), [report(1), report(2), report(3)]);
    assert.equal(messages.length, 4);
    assert.equal(messages[3]?.id, 1);
    assert.deepEqual(messages[3]?.result?.structuredContent, { answer: "done" });
  });

  Deno.test(`${era}: without a token for it, or a stream to send it on, progress is not sent (issue 10 part 1)`, async () => {
    const silent = tool("silent", (_, { progress }) => {
      progress(1);
      return done;
    });
    const { server } = await createTestServer({ app: tinyApp([counting, silent]) });
    const requests = [
      toolCall(era, "counting"),
      toolCall(era, "counting", {}, { meta: { progressToken: {} } }),
      toolCall(era, "counting", {}, { ...TOKEN, headers: { accept: "application/json" } }),
      toolCall(era, "silent", {}, TOKEN),
    ];
    for (const request of requests) {
      const { headers, body } = await ask(server, request);
      assert.match(headers.get("content-type") ?? "", /^application\/json/);
      if (!body.error) assert.deepEqual(body.result?.structuredContent, { answer: "done" });
    }
  });

  Deno.test(`${era}: an event stream without news shows that it is alive, until the tool's time is up (issue 10 part 1)`, async () => {
    const { promise: never } = Promise.withResolvers<never>();
    const endless = tool("endless", () => never, undefined, { progress: true, timeLimitMs: 100 });
    const { server } = await createTestServer({ app: tinyApp([endless]), keepAliveMs: 10 });
    const { text } = await ask(server, toolCall(era, "endless", {}, { ...TOKEN, id: "slow" }));
    assert.match(text, /^: keepalive$/m);
    const [answer, ...others] = messagesOf(text);
    assert.equal(others.length, 0);
    assert.equal(answer?.id, "slow");
    assert.equal(answer?.result?.isError, true);
    assert.match(answer?.result?.content?.[0]?.text ?? "", /longer than 0.1 seconds/);
  });

  Deno.test(`${era}: a call that is refused is answered in JSON, progress token or not (issue 10 part 1)`, async () => {
    const mine = tool("mine", () => done, signedIn("notes:read"), { progress: true });
    const { server, issuer } = await createTestServer({ app: tinyApp([mine]) });
    const poor = await issuer.token({ scope: "" });
    for (const [token, expected] of [[undefined, 401], ["nonsense", 401], [poor, 403]] as const) {
      const { status, body } = await ask(server, toolCall(era, "mine", {}, { ...TOKEN, token }));
      assert.equal(status, expected);
      assert.equal(body.result?.isError, true);
    }
  });

  Deno.test(
    `${era}: whoever leaves the event stream ${
      era === "modern" ? "ends" : "does not end"
    } the tool (issue 10 part 1, TRN-12)`,
    async () => {
      const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
      const { promise: started, resolve: start } = Promise.withResolvers<AbortSignal>();
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      const slow = tool(
        "slow",
        async (_, { signal, progress }) => {
          start(signal);
          progress(1);
          await finished;
          progress(2);
          end();
          return done;
        },
        undefined,
        { progress: true },
      );
      const { server } = await createTestServer({ app: tinyApp([slow]) });
      const response = await server.request(toolCall(era, "slow", {}, TOKEN));
      const signal = await started;
      const reader = response.body!.getReader();
      assert.match(new TextDecoder().decode((await reader.read()).value), /notifications\/progress/);
      await reader.cancel();
      assert.equal(signal.aborted, era === "modern");
      finish();
      await ended;
    },
  );
}
