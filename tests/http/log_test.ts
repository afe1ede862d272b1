import { getLogger, type LogRecord, type Sink } from "@logtape/logtape";
import assert from "node:assert/strict";
import { redacted } from "../../src/http/log.ts";
import { logged } from "../log_records.ts";
import { ask, createTestServer, ERAS, RESOURCE, rpc, toolCall } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

const inWords = (records: readonly LogRecord[]) =>
  JSON.stringify(
    records.map(({ message, properties }) => [message, properties]),
    (_, value) => value instanceof Error ? String(value) : value,
  );

Deno.test("no token, good, bad or misplaced, is ever logged or answered (AUTH-24)", async () => {
  const { server, issuer } = await createTestServer();
  const tokens = {
    good: await issuer.token({ email: "ada@example.com" }),
    expired: await issuer.token({ exp: 1 }),
    poor: await issuer.token({ scope: "" }),
    opaque: "opaque-canary-token",
  };
  const answers: string[] = [];
  const records = await logged(async () => {
    for (const era of ERAS) {
      for (const token of Object.values(tokens)) {
        for (const tool of ["search_notes", "list_notes", "nothing"]) {
          answers.push((await ask(server, toolCall(era, tool, {}, { token }))).text);
        }
        const malformed = { headers: { authorization: `Bearer ${token} ${token}` } };
        answers.push((await ask(server, rpc(era, "tools/list", {}, malformed))).text);
        const url = `${RESOURCE}?access_token=${token}`;
        answers.push((await ask(server, new Request(url, toolCall(era, "list_notes")))).text);
      }
    }
    issuer.down = true;
  });
  assert.ok(records.length > 20);
  const said = [inWords(records), ...answers].join("\n");
  for (const token of Object.values(tokens)) {
    for (const secret of [token, token.slice(-20)]) assert.ok(!said.includes(secret), "a token came out");
  }
  assert.ok(!said.includes("ada@example.com"));
});

Deno.test("why a token was refused is logged in a word that an operator can count", async () => {
  const { server, issuer } = await createTestServer();
  const token = await issuer.token({ aud: "https://elsewhere.test" });
  const records = await logged(async () =>
    void await ask(server, toolCall("legacy", "search_notes", {}, { token }))
  );
  assert.ok(records.some(({ properties }) => properties["fault"] === "audience"));
});

Deno.test("which issuer is out of reach is logged, with the reason", async () => {
  const { server, issuer } = await createTestServer();
  issuer.down = true;
  const token = await issuer.token();
  const records = await logged(async () =>
    void await ask(server, toolCall("legacy", "search_notes", {}, { token }))
  );
  assert.ok(
    records.some(({ level, properties }) =>
      level === "warning" && /issuer\.test.*connection refused/.test(String(properties["reason"]))
    ),
  );
});

Deno.test("every refused request is logged with method, path and status, and no query (AUTH-24)", async () => {
  const { server } = await createTestServer();
  const records = await logged(async () => {
    await ask(server, new Request(`${RESOURCE}?secret=1`, { method: "DELETE" }));
  });
  const { message: _, properties } = records.at(-1)!;
  assert.deepEqual(properties, { method: "DELETE", path: "/mcp", status: 405, ms: 0 });
});

Deno.test("a tool that throws is logged as an error, and the caller reads a sentence without the cause", async () => {
  for (const era of ERAS) {
    const broken = tool("broken", () => {
      throw new Error("password of the database is hunter2");
    });
    const { server } = await createTestServer({ app: tinyApp([broken]) });
    const records = await logged(async () => {
      const { status, body, text } = await ask(server, toolCall(era, "broken"));
      assert.equal(status, 200);
      assert.equal(body.result?.isError, true);
      assert.match(
        body.result?.content?.[0]?.text ?? "",
        /"The broken tool" failed for a reason on our side/,
      );
      assert.ok(!text.includes("hunter2"));
    });
    const record = records.find(({ level }) => level === "error");
    assert.equal(record?.properties["target"], "broken");
    assert.match(String(record?.properties["error"]), /hunter2/);
  }
});

Deno.test("a tool that ends with the signal of a caller who has gone has not failed (A14)", async () => {
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const heeding = tool("heeding", async (_, { signal }) => {
    const { promise, reject } = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => reject(signal.reason));
    start();
    return await promise;
  });
  const { server } = await createTestServer({ app: tinyApp([heeding]) });
  const records = await logged(async () => {
    const caller = new AbortController();
    const answer = server.request(new Request(toolCall("modern", "heeding"), { signal: caller.signal }));
    await started;
    caller.abort();
    await (await answer).body?.cancel();
  });
  assert.deepEqual(records.filter(({ level }) => level === "error"), []);
});

Deno.test("fields that hold secrets are emptied before a sink sees them, however deep (AUTH-24)", async () => {
  const seen: LogRecord[] = [];
  const sink: Sink = redacted((record) => seen.push(record));
  const records = await logged(() => {
    getLogger("mcp").info("A form came", {
      access_token: "canary",
      form: { client_secret: "canary", Authorization: "canary", code_verifier: "canary", cookie: "canary" },
      code: "canary",
      path: "/token",
    });
    return Promise.resolve();
  });
  records.forEach(sink);
  assert.ok(!inWords(seen).includes("canary"), inWords(seen));
  assert.equal(seen[0]?.properties["path"], "/token");
});
