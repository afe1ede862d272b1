import assert from "node:assert/strict";
import { z } from "zod";
import { anyone, defineApp, definePrompt, type RequestInput, signedIn } from "../../src/mod.ts";
import { ask, createTestServer, ERAS, rpc } from "../support.ts";
import { tool } from "../tiny_app.ts";

const CAPABILITIES = { elicitation: {}, sampling: {}, roots: {} };
const sample = (text: string) => ({
  method: "sampling/createMessage" as const,
  params: { messages: [{ role: "user" as const, content: { type: "text" as const, text } }], maxTokens: 9 },
});
const form = (message: string) => ({
  method: "elicitation/create" as const,
  params: { message, requestedSchema: { type: "object" as const, properties: {} } },
});
const roots = { method: "roots/list" as const };

const SAID = { role: "assistant", content: { type: "text", text: "Hi" }, model: "any" };
const ACCEPTED = { action: "accept", content: { name: "Ada" } };
const ROOTS = { roots: [{ uri: "file:///any" }] };

/** What comes back of a request that may have to be asked about first. */
interface Answer {
  readonly resultType?: string;
  readonly inputRequests?: Record<string, unknown>;
  readonly requestState?: string;
  readonly structuredContent?: { readonly answer: string };
  readonly messages?: readonly { readonly content: { readonly text: string } }[];
}

async function asking({ sdkOnly = false } = {}) {
  const several = async (requestInput: RequestInput) =>
    JSON.stringify(await requestInput({ name: form("Who?"), greeting: sample("Greet"), folders: roots }));
  const tools = [
    tool("several", async (_, { requestInput }) => {
      const answer = await several(requestInput);
      return { data: { answer }, text: "Done." };
    }, signedIn()),
    tool("rounds", async (_, { requestInput }) => {
      const { step } = await requestInput({ step: form("First?") });
      const { step: next } = await requestInput({ step: form("Second?") });
      return { data: { answer: JSON.stringify([step, next]) }, text: "Done." };
    }),
    tool("roots", async (_, { requestInput }) => {
      await requestInput({ folders: roots });
      return { data: { answer: "asked" }, text: "Done." };
    }),
  ];
  const prompts = [
    definePrompt({
      ...{ name: "several", title: "Several", description: "For tests.", access: signedIn() },
      arguments: z.strictObject({ tone: z.string().optional() }),
      get: async (_, { requestInput }) => await several(requestInput),
    }),
    definePrompt({
      ...{ name: "roots", title: "Roots", description: "For tests.", access: anyone() },
      get: async (_, { requestInput }) => JSON.stringify(await requestInput({ folders: roots })),
    }),
  ];
  const app = defineApp({
    ...{ name: "asking", title: "Asking", version: "1.0.0", instructions: "For tests.", scopes: {} },
    open: () => ({ tools, prompts }),
  });
  const { server, issuer } = await createTestServer({ app, sdkOnly });
  const send = async (
    method: string,
    name: string,
    { sub = "ada", args = {}, capabilities = CAPABILITIES, ...answer }: {
      readonly sub?: string;
      readonly args?: Record<string, unknown>;
      readonly capabilities?: Record<string, unknown>;
      readonly requestState?: string | undefined;
      readonly inputResponses?: Record<string, unknown>;
    } = {},
  ) => {
    const meta = { "io.modelcontextprotocol/clientCapabilities": capabilities };
    const params = { name, arguments: args, ...answer };
    const request = rpc("modern", method, params, { token: await issuer.token({ sub }), meta });
    const { status, body } = await ask<{ result?: Answer; error?: { code: number; data?: unknown } }>(
      server,
      request,
    );
    return { status, error: body.error, result: body.result ?? {} };
  };
  return { server, send };
}

const outcome = ({ structuredContent, messages }: Answer) =>
  JSON.parse(structuredContent?.answer ?? messages?.[0]?.content.text ?? "null");

for (const method of ["tools/call", "prompts/get"]) {
  const inputResponses = { name: ACCEPTED, greeting: SAID, folders: ROOTS };

  Deno.test(`${method} puts several requests at once, and goes on with their answers (issue 13 part 1)`, async () => {
    const { send } = await asking();
    const { result: { resultType, inputRequests, requestState } } = await send(method, "several");
    assert.equal(resultType, "input_required");
    assert.deepEqual(inputRequests, {
      name: form("Who?"),
      greeting: sample("Greet"),
      folders: roots,
    });
    const extra = { ...inputResponses, other: ACCEPTED };
    const { result } = await send(method, "several", { requestState, inputResponses: extra });
    assert.deepEqual(outcome(result), {
      name: { kind: "elicit", ...ACCEPTED },
      greeting: { kind: "sampling", result: SAID },
      folders: { kind: "roots", ...ROOTS },
    });
  });

  Deno.test(`${method} takes answers of the same person to the same arguments only, and all of the kind that was asked for (issue 13 part 1)`, async () => {
    const { send } = await asking();
    const { result: { requestState } } = await send(method, "several");
    const answered = { requestState, inputResponses };
    const others = [
      await send(method, "several", { ...answered, sub: "bob" }),
      await send(method, "several", { inputResponses }),
      await send(method, "several", { requestState, inputResponses: { ...inputResponses, greeting: ROOTS } }),
      await send(method, "several", { requestState, inputResponses: { name: ACCEPTED, greeting: SAID } }),
    ];
    if (method === "prompts/get") {
      others.push(await send(method, "several", { ...answered, args: { tone: "dry" } }));
    }
    for (const { result } of others) assert.equal(result.resultType, "input_required");
    const { error } = await send(method, "several", { ...answered, requestState: `${requestState}x` });
    assert.equal(error?.code, -32602);
  });

  for (const sdkOnly of [false, true]) {
    Deno.test(`${method}${sdkOnly ? " on the SDK alone" : ""} tells a client what it would have to declare, instead of asking it (BASE-06)`, async () => {
      const { send } = await asking({ sdkOnly });
      const { status, error } = await send(method, "roots", { capabilities: { elicitation: {} } });
      assert.deepEqual([status, error?.code], [400, -32021]);
      assert.deepEqual(error?.data, { requiredCapabilities: { roots: {} } });
    });
  }
}

Deno.test("each round of questions keeps the answers of the rounds before, and takes none for another question (issue 13 part 1, BASE-19)", async () => {
  const { send } = await asking();
  const answer = (name: string) => ({ step: { action: "accept", content: { name } } });
  const { result: first } = await send("tools/call", "rounds");
  const inputResponses = answer("one");
  const { result: second } = await send("tools/call", "rounds", {
    requestState: first.requestState,
    inputResponses,
  });
  assert.equal(second.resultType, "input_required");
  assert.partialDeepStrictEqual(second.inputRequests, { step: { params: { message: "Second?" } } });
  const { result: unanswered } = await send("tools/call", "rounds", { requestState: second.requestState });
  assert.partialDeepStrictEqual(unanswered.inputRequests, { step: { params: { message: "Second?" } } });
  const { result } = await send("tools/call", "rounds", {
    requestState: unanswered.requestState,
    inputResponses: answer("two"),
  });
  assert.deepEqual(outcome(result).map(({ content }: { content: unknown }) => content), [
    { name: "one" },
    { name: "two" },
  ]);
});

Deno.test("a host of the legacy era is told in words that it cannot be asked (issue 13 part 1)", async () => {
  const { server } = await asking();
  const { body } = await ask(server, rpc("legacy", "tools/call", { name: "roots", arguments: {} }));
  assert.equal(body.result?.isError, true);
  assert.match(body.result?.content?.[0]?.text ?? "", /Nothing was done.*a host that can ask/);
  const got = await ask(server, rpc("legacy", "prompts/get", { name: "roots" }));
  assert.match(got.body.error?.message ?? "", /a host that can ask/);
});

for (const era of ERAS) {
  Deno.test(`${era}: nobody without a token is asked anything about a call that needs one (issue 13 part 1)`, async () => {
    const { server } = await asking();
    const meta = era === "modern" ? { "io.modelcontextprotocol/clientCapabilities": CAPABILITIES } : {};
    for (const method of ["tools/call", "prompts/get"]) {
      const { status, text } = await ask(server, rpc(era, method, { name: "several" }, { meta }));
      assert.equal(status, 401);
      assert.doesNotMatch(text, /input_required|Who\?/);
    }
  });
}
