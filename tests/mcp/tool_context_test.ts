import { getLogger } from "@logtape/logtape";
import assert from "node:assert/strict";
import { mixed, signedIn } from "../../src/mcp/access.ts";
import type { ClientClaims } from "../../src/mcp/tool_context.ts";
import { logged } from "../log_records.ts";
import { ask, createTestServer, ERAS, type RpcOptions, toolCall } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

const HINTS: readonly [Record<string, unknown>, string | undefined][] = [
  [{ "openai/locale": "pt-BR" }, "pt-BR"],
  [{ "openai/locale": "pt-br" }, "pt-BR"],
  [{ "webplus/i18n": "de" }, "de"],
  [{ "openai/locale": "fr", "webplus/i18n": "de" }, "fr"],
  [{ "openai/locale": "en_US" }, undefined],
  [{ "openai/locale": `en-${"x".repeat(100_000)}` }, undefined],
  [{ "openai/locale": { language: "en" } }, undefined],
  [{}, undefined],
];
const ENVELOPE = "io.modelcontextprotocol/";

for (const era of ERAS) {
  Deno.test(`${era}: a tool knows the language that the host asks for, if it is one (issue 10 part 1, OAI-18)`, async () => {
    const seen: unknown[] = [];
    const speaking = tool("speaking", (_, { locale, meta }) => {
      seen.push(locale);
      return { data: { answer: typeof meta["openai/locale"] }, text: "seen" };
    });
    const { server } = await createTestServer({ app: tinyApp([speaking]) });
    for (const [meta] of HINTS) {
      const { body } = await ask(server, toolCall(era, "speaking", {}, { meta }));
      assert.deepEqual(body.result?.structuredContent, { answer: typeof meta["openai/locale"] });
    }
    assert.deepEqual(seen, HINTS.map(([, expected]) => expected));
  });

  Deno.test(`${era}: a tool knows every claim of its caller's token, cannot change one, and none of a caller without the scope (issue 10 part 1)`, async () => {
    const seen: unknown[] = [];
    const reading = (name: string, access: ReturnType<typeof mixed>) =>
      tool(name, (_, { claims }) => {
        seen.push(claims?.["org"]);
        if (claims) assert.throws(() => (claims as Record<string, unknown>)["org"] = "other", TypeError);
        const org = claims?.["org"] as { id?: unknown } | undefined;
        if (org) assert.throws(() => org.id = "other", TypeError);
        return { data: { answer: "read" }, text: "read" };
      }, access);
    const tools = [
      reading("half", mixed("notes:read")),
      tool("open", (_, { claims, caller }) => {
        seen.push(claims, caller);
        return { data: { answer: "read" }, text: "read" };
      }),
    ];
    const { server, issuer } = await createTestServer({ app: tinyApp(tools) });
    const granted = await issuer.token({ scope: "notes:read", org: { id: "o1" } });
    const poor = await issuer.token({ scope: "", org: { id: "o2" } });
    for (const token of [granted, poor, undefined]) {
      const { body } = await ask(server, toolCall(era, "half", {}, { token }));
      assert.equal(body.result?.isError, undefined);
    }
    await ask(server, toolCall(era, "open", {}, { token: granted }));
    assert.deepEqual(seen, [{ id: "o1" }, undefined, undefined, undefined, undefined]);
  });

  Deno.test(`${era}: a tool knows what the client says of itself, as far as the era tells (issue 10 part 1)`, async () => {
    const seen: (ClientClaims | undefined)[] = [];
    const asking = tool("asking", (_, { client }) => {
      seen.push(client);
      return { data: { answer: "asked" }, text: "asked" };
    });
    const { server } = await createTestServer({ app: tinyApp([asking]) });
    const modern: RpcOptions = {
      meta: {
        [`${ENVELOPE}clientInfo`]: { name: "n".repeat(5_000), version: "2" },
        [`${ENVELOPE}clientCapabilities`]: { sampling: {} },
      },
    };
    await ask(server, toolCall(era, "asking", {}, era === "modern" ? modern : {}));
    const expected = { name: "n".repeat(200), version: "2", capabilities: { sampling: {} } };
    assert.deepEqual(seen, [era === "modern" ? expected : undefined]);
  });

  Deno.test(`${era}: what a tool logs says whose call it was by the request's id (issue 10 part 1)`, async () => {
    const records = await logged(async () => {
      const telling = tool("telling", (_, { log }) => {
        log.info("Counted {what}", { what: "sheep" });
        return { data: { answer: "told" }, text: "told" };
      });
      const { server } = await createTestServer({ app: tinyApp([telling]), log: getLogger(["mcp"]) });
      await ask(server, toolCall(era, "telling", {}, { id: "r-7" }));
    });
    const [record] = records.filter(({ level }) => level === "info");
    assert.deepEqual(record?.properties, { tool: "telling", requestId: "r-7", what: "sheep" });
  });
}

Deno.test("claims of another person's token, or of none, never reach a tool (issue 10 part 1)", async () => {
  const seen: unknown[] = [];
  const mine = tool("mine", (_, { claims }) => {
    seen.push(claims?.["sub"]);
    return { data: { answer: "mine" }, text: "mine" };
  }, signedIn("notes:read"));
  const { server, issuer } = await createTestServer({ app: tinyApp([mine]) });
  const tokenOf = (sub: string) => issuer.token({ sub, scope: "notes:read" });
  const [ada, bob] = [await tokenOf("ada"), await tokenOf("bob")];
  for (const token of [ada, undefined, bob, "nonsense", ada]) {
    await ask(server, toolCall("modern", "mine", {}, { token }));
  }
  assert.deepEqual(seen, ["ada", "bob", "ada"]);
});
