import assert from "node:assert/strict";
import { z } from "zod";
import { anyone, defineApp, definePrompt, type Prompt, signedIn } from "../../src/mod.ts";
import { followChallenge } from "../challenge_parser.ts";
import { libraryApp } from "../library_app.ts";
import { logged } from "../log_records.ts";
import { ask, createTestServer, type Era, ERAS, rpc, type RpcOptions } from "../support.ts";
import { tinyApp } from "../tiny_app.ts";

const { server, issuer } = await createTestServer({ app: libraryApp() });

async function get(era: Era, name: string, args?: unknown, options: RpcOptions = {}) {
  const params = { name, ...(args !== undefined && { arguments: args }) };
  const answer = await ask(server, rpc(era, "prompts/get", params, options));
  return { ...answer, messages: answer.body.result?.["messages"], error: answer.body.error };
}

const hello = async (era: Era, app?: Parameters<typeof createTestServer>[0]) => {
  const { server } = await createTestServer(app);
  const client = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } };
  const request = era === "legacy" ? rpc(era, "initialize", client) : rpc(era, "server/discover");
  return (await ask(server, request)).body.result?.["capabilities"];
};

for (const era of ERAS) {
  Deno.test(`${era}: prompts are listed with their arguments, the same for everyone (issue 10)`, async () => {
    const tokens = [
      undefined,
      await issuer.token(),
      await issuer.token({ sub: "grace", scope: "notes:read" }),
    ];
    const answers = await Promise.all(
      tokens.map((token) => ask(server, rpc(era, "prompts/list", {}, { token }))),
    );
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    const { prompts, cacheScope } = answers[0]!.body.result as Record<string, unknown>;
    assert.equal(cacheScope, era === "modern" ? "public" : undefined);
    assert.deepEqual((prompts as unknown[]).slice(0, 3), [
      {
        ...{ name: "summarize", title: "Summarize", description: "A summary." },
        arguments: [
          { name: "topic", description: "What it is about", required: true },
          { name: "tone", required: false },
        ],
      },
      {
        ...{ name: "review", title: "Review your loans", description: "A review." },
        arguments: [{ name: "loan", required: false }],
      },
      { name: "broken", title: "Broken", description: "Fails." },
    ]);
  });

  Deno.test(`${era}: a prompt gives messages made of its arguments (issue 10)`, async () => {
    const { messages } = await get(era, "summarize", { topic: "poetry", tone: "dry" });
    const text = "Summarize poetry, dry, for undefined.";
    assert.deepEqual(messages, [{ role: "user", content: { type: "text", text } }]);
  });

  for (
    const [what, args, sentence] of [
      ["no arguments", undefined, "topic is missing; it must be text."],
      ["a number", { topic: 5 }, "topic must be text."],
      ["too long a text", { topic: "canary".repeat(10) }, "topic must be text of at most 50 characters."],
      ["another choice", { topic: "x", tone: "canary" }, 'tone must be one of "dry", "warm".'],
      ["an argument too many", { topic: "x", canary: "y" }, "The only arguments are topic, tone."],
      ["a list of arguments", ["canary"], "Invalid params for prompts/get: arguments: must be an object"],
    ] as const
  ) {
    Deno.test(`${era}: ${what} is -32602 in a sentence that quotes nothing (issue 10)`, async () => {
      const { error, text } = await get(era, "summarize", args);
      assert.equal(error?.code, -32602);
      assert.equal(error?.message, sentence);
      assert.ok(!text.includes("canary"));
    });
  }

  Deno.test(`${era}: there is no other prompt, whatever its name (issue 10)`, async () => {
    for (const name of ["nothing", "constructor", "", "library://hours", "x".repeat(5_000)]) {
      const { error, text } = await get(era, name);
      assert.equal(error?.code, -32602);
      assert.match(error?.message ?? "", /^There is no prompt/);
      assert.ok(text.length < 1_000);
    }
  });

  Deno.test(`${era}: a protected prompt needs a token with its scope, and learns who calls (issue 10)`, async () => {
    const anonymous = await get(era, "review");
    assert.equal(anonymous.status, 401);
    const challenge = await followChallenge(server, anonymous.headers.get("www-authenticate"));
    assert.equal(challenge["scope"], "notes:read");
    assert.equal((await get(era, "review", {}, { token: await issuer.token({ scope: "x" }) })).status, 403);

    const people = ["ada", "grace"];
    await Promise.all(
      people.flatMap((sub) => Array.from({ length: 20 }, () => sub)).map(async (sub) => {
        const token = await issuer.token({ sub, scope: "notes:read" });
        const { messages, headers } = await get(era, "review", { loan: "Emma" }, { token });
        assert.equal(headers.get("cache-control"), "no-store");
        assert.deepEqual(messages, [
          {
            role: "user",
            content: { type: "resource", resource: { uri: "library://loans", text: `loans of ${sub}` } },
          },
          { role: "assistant", content: { type: "image", data: "Bw==", mimeType: "image/png" } },
          { role: "user", content: { type: "text", text: "Review Emma." } },
        ]);
      }),
    );
  });

  Deno.test(`${era}: a prompt that fails is -32603 without the cause, which is logged (issue 10)`, async () => {
    const records = await logged(async () => {
      const { error, text } = await get(era, "broken");
      assert.equal(error?.code, -32603);
      assert.ok(!text.includes("secret"), text);
    });
    const record = records.find(({ level }) => level === "error");
    assert.match(String(record?.properties["error"]), /secret/);
  });

  Deno.test(`${era}: prompts and completions are declared by apps that have them, and by no others (issue 10)`, async () => {
    const plain = { tools: {}, resources: {}, extensions: { "io.modelcontextprotocol/ui": {} } };
    assert.deepEqual(await hello(era, { app: tinyApp([]) }), plain);
    assert.deepEqual(await hello(era, { app: libraryApp() }), { ...plain, prompts: {}, completions: {} });
    const only = definePrompt({
      ...{ name: "only", title: "Only", description: "x", access: anyone() },
      get: () => "x",
    });
    assert.deepEqual(await hello(era, { app: appOf([only]) }), { ...plain, prompts: {} });
  });
}

function appOf(prompts: readonly Prompt[]) {
  return defineApp({ ...tinyApp([]), open: () => ({ tools: [], prompts }) });
}

Deno.test("a prompt with a mistake does not start, and says where (issue 10)", async () => {
  const described = { title: "N", description: "x", get: () => "x" };
  const fine = definePrompt({ ...described, name: "fine", access: anyone() });
  const apps = {
    'Cannot use "fine" as the name of two prompts': [fine, fine],
    'Cannot use "not fine" as the name of a prompt': [
      definePrompt({ ...described, name: "not fine", access: anyone() }),
    ],
    'Cannot use the scope "unexplained"': [
      definePrompt({ ...described, name: "n", access: signedIn("unexplained") }),
    ],
  };
  for (const [message, prompts] of Object.entries(apps)) {
    await assert.rejects(
      createTestServer({ app: appOf(prompts) }),
      (error: Error) => error.message.includes(message),
    );
  }
  // As a program that is run without being type-checked may do
  const number = z.object({ count: z.number() }) as unknown as z.ZodObject<{ count: z.ZodString }>;
  const declare = () => definePrompt({ ...described, name: "n", access: anyone(), arguments: number });
  assert.throws(declare, /argument count must be text/);
});
