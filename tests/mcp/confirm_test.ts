import { createRequestStateCodec } from "@modelcontextprotocol/server";
import assert from "node:assert/strict";
import { z } from "zod";
import { anyone, signedIn } from "../../src/mcp/access.ts";
import { defineTool } from "../../src/mcp/tool.ts";
import { ask, createTestServer, type Era, ERAS, rpc, type RpcOptions } from "../support.ts";
import { tinyApp } from "../tiny_app.ts";

const KEY = "k".repeat(32);
const CAN_ASK: RpcOptions["meta"] = {
  "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
};
const YES = { confirm: { action: "accept", content: {} } };

/** A question to the person, as it travels. */
interface Asked {
  readonly resultType?: string;
  readonly inputRequests?: {
    readonly confirm?: { readonly method: string; readonly params: Record<string, unknown> };
  };
  readonly requestState?: string;
}

/** A server that empties boxes once the person has agreed, and what it has emptied. */
async function boxes(options: { readonly requestStateKey: string | undefined } = { requestStateKey: KEY }) {
  const emptied: string[] = [];
  const common = {
    description: "For tests.",
    output: z.object({ box: z.string() }),
    ...{ invoking: "Emptying", invoked: "Emptied" },
    annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
  };
  const empty = (name: string, question = (box: string) => `Empty the box ${box}?`) =>
    defineTool({
      ...{ ...common, name, title: "Empty a box", access: signedIn("notes:write") },
      input: z.strictObject({ box: z.string(), sure: z.boolean().optional() }),
      confirmedBy: "sure",
      async run({ box }, { confirm }) {
        await confirm(question(box));
        emptied.push(`${name} ${box}`);
        return { data: { box }, text: `Emptied ${box}.` };
      },
    });
  const paint = defineTool({
    ...{ ...common, name: "paint", title: "Paint a box", access: anyone() },
    input: z.strictObject({}),
    async run(_, { confirm }) {
      const { colour, coats } = await confirm(
        "Which colour?",
        z.object({ colour: z.enum(["red", "blue"]), coats: z.int().min(1).max(3).default(1) }),
      );
      return { data: { box: `${colour} ${coats}` }, text: "Painted." };
    },
  });
  const twice = defineTool({
    ...{ ...common, name: "twice", title: "Ask twice", access: anyone() },
    input: z.strictObject({ sure: z.boolean() }),
    confirmedBy: "sure",
    async run(_, { confirm }) {
      await confirm("Once?");
      await confirm("Twice?");
      return { data: { box: "never" }, text: "Never." };
    },
  });
  const app = tinyApp([empty("empty"), empty("burn"), empty("shred", () => "Are you sure?"), paint, twice]);
  const { server, issuer } = await createTestServer({ app, ...options });
  const call = async (
    name: string,
    args: Record<string, unknown>,
    { era = "modern", sub = "ada", meta = CAN_ASK, ...answer }: {
      readonly era?: Era;
      readonly sub?: string;
      readonly meta?: RpcOptions["meta"];
      readonly requestState?: string | undefined;
      readonly inputResponses?: Record<string, unknown>;
    } = {},
  ) => {
    const token = await issuer.token({ sub, scope: "notes:write" });
    const params = { name, arguments: args, ...answer };
    const { body, status } = await ask(server, rpc(era, "tools/call", params, { token, meta: meta ?? {} }));
    const result = (body.result ?? {}) as NonNullable<typeof body.result> & Asked;
    return { status, error: body.error, result, text: result.content?.[0]?.text ?? "" };
  };
  return { server, emptied, call };
}

Deno.test("a host that can ask puts the question, and the call goes on with the answer (issue 10 part 1)", async () => {
  const { emptied, call } = await boxes();
  const { result: asked } = await call("empty", { box: "A" });
  assert.equal(asked.resultType, "input_required");
  assert.equal(asked.inputRequests?.confirm?.method, "elicitation/create");
  assert.partialDeepStrictEqual(asked.inputRequests?.confirm?.params, {
    message: "Empty the box A?",
    requestedSchema: { type: "object", properties: {} },
  });
  assert.deepEqual(emptied, []);
  const { requestState } = asked;
  const { result } = await call("empty", { box: "A" }, { requestState, inputResponses: YES });
  assert.deepEqual(result.structuredContent, { box: "A" });
  assert.deepEqual(emptied, ["empty A"]);
});

for (const action of ["decline", "cancel"]) {
  Deno.test(`a person who answers with ${action} is heeded (issue 10 part 1)`, async () => {
    const { emptied, call } = await boxes();
    const { result: { requestState } } = await call("empty", { box: "A" });
    const inputResponses = { confirm: { action } };
    const { result, text } = await call("empty", { box: "A" }, { requestState, inputResponses });
    assert.equal(result.isError, true);
    assert.match(text, /did not agree. Nothing was done/);
    assert.deepEqual(emptied, []);
  });
}

Deno.test("an answer counts for the same person, tool and arguments only: everything else is asked anew (issue 10 part 1, AUTH-25, BASE-19)", async () => {
  const { emptied, call } = await boxes();
  const { result: { requestState } } = await call("empty", { box: "A" });
  const answered = { requestState, inputResponses: YES };
  const others = [
    await call("empty", { box: "B" }, answered),
    await call("burn", { box: "A" }, answered),
    await call("empty", { box: "A" }, { ...answered, sub: "bob" }),
    await call("empty", { box: "A" }, { inputResponses: YES }),
    await call("empty", { box: "A" }, { requestState, inputResponses: { other: YES.confirm } }),
  ];
  for (const { result } of others) assert.equal(result.resultType, "input_required");
  assert.deepEqual(emptied, []);
});

Deno.test("an answer counts for its arguments only, though the question does not name them (issue 10 part 1, BASE-19)", async () => {
  const { emptied, call } = await boxes();
  const { result: { requestState } } = await call("shred", { box: "A" });
  const { result } = await call("shred", { box: "B" }, { requestState, inputResponses: YES });
  assert.equal(result.resultType, "input_required");
  assert.deepEqual(emptied, []);
});

Deno.test("a state that is made up, changed, too old or sealed by another process is -32602 (issue 10 part 1, BASE-19)", async () => {
  const { emptied, call } = await boxes();
  const { result: { requestState = "" } } = await call("empty", { box: "A" });
  const [version, body = "", seal] = requestState.split(".");
  const payload = JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/")))["p"];
  const old = await createRequestStateCodec({ key: KEY, ttlSeconds: -60 }).mint(payload);
  const elsewhere = await (await boxes({ requestStateKey: undefined })).call("empty", { box: "A" });
  const changed = [version, body.replace(/.$/, (last) => last === "A" ? "B" : "A"), seal].join(".");
  const states = { made: "x", changed, old, elsewhere: elsewhere.result.requestState };
  for (const [kind, state] of Object.entries(states)) {
    const { error } = await call("empty", { box: "A" }, { requestState: state, inputResponses: YES });
    assert.equal(error?.code, -32602, kind);
  }
  assert.deepEqual(emptied, []);
});

Deno.test("machines that share a key take each other's answers (issue 10 part 1)", async () => {
  const [one, two] = [await boxes(), await boxes()];
  const { result: { requestState } } = await one.call("empty", { box: "A" });
  await two.call("empty", { box: "A" }, { requestState, inputResponses: YES });
  assert.deepEqual([one.emptied, two.emptied], [[], ["empty A"]]);
});

for (const era of ERAS) {
  Deno.test(`${era}: where the host cannot ask, the model is told to, and how to say that the person agreed (issue 10 part 1)`, async () => {
    const { emptied, call } = await boxes();
    const metas = era === "legacy" ? [{}] : [{}, {
      "io.modelcontextprotocol/clientCapabilities": { elicitation: { url: {} } },
    }];
    for (const meta of metas) {
      for (const args of [{ box: "A" }, { box: "A", sure: false }]) {
        const { result, text } = await call("empty", args, { era, meta });
        assert.equal(result.isError, true);
        assert.match(
          text,
          /Nothing was done.*"Empty the box A\?".*call empty again with the same arguments and "sure": true\.$/,
        );
      }
    }
    assert.deepEqual(emptied, []);
    await call("empty", { box: "A", sure: true }, { era, meta: {} });
    assert.deepEqual(emptied, ["empty A"]);
  });

  Deno.test(`${era}: nobody is asked about a call that the policy refuses (issue 10 part 1)`, async () => {
    const { server, emptied } = await boxes();
    const params = { name: "empty", arguments: { box: "A" }, inputResponses: YES };
    const { status, text } = await ask(server, rpc(era, "tools/call", params, { meta: CAN_ASK }));
    assert.equal(status, 401);
    assert.doesNotMatch(text, /input_required|Empty the box A/);
    assert.deepEqual(emptied, []);
  });
}

Deno.test("a question may ask for values, which are checked, and asked for again when they do not fit (issue 10 part 1)", async () => {
  const { call } = await boxes();
  const { result: { requestState, inputRequests } } = await call("paint", {});
  assert.partialDeepStrictEqual(inputRequests?.confirm?.params, {
    requestedSchema: { properties: { colour: { type: "string", enum: ["red", "blue"] } } },
  });
  const answer = (content: unknown) =>
    call("paint", {}, { requestState, inputResponses: { confirm: { action: "accept", content } } });
  assert.equal((await answer({ colour: "green" })).result.resultType, "input_required");
  assert.equal((await answer(undefined)).result.resultType, "input_required");
  assert.deepEqual((await answer({ colour: "red" })).result.structuredContent, { box: "red 1" });
  const { text } = await call("paint", {}, { meta: {} });
  assert.match(text, /"Which colour\?".*call paint again, with their answer/);
});

Deno.test("a tool that asks twice in a call has failed for a reason of ours (issue 10 part 1)", async () => {
  const { call } = await boxes();
  assert.match((await call("twice", { sure: true })).text, /failed for a reason on our side/);
});

Deno.test("the model reads a question whose quotes do not nest, and the name of an argument that is a key (issue 10 part 1)", async () => {
  const borrow = defineTool({
    ...{ name: "borrow", title: "Borrow", description: "For tests.", access: anyone() },
    ...{ invoking: "Borrowing", invoked: "Borrowed" },
    annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
    input: z.strictObject({ key: z.string().optional() }),
    output: z.object({}),
    confirmedBy: "key",
    async run(_, { confirm }) {
      await confirm('Borrow "Middlemarch"?');
      return { data: {}, text: "Borrowed." };
    },
  });
  const { server } = await createTestServer({ app: tinyApp([borrow]) });
  const { body } = await ask(server, rpc("legacy", "tools/call", { name: "borrow" }));
  assert.equal(
    body.result?.content?.[0]?.text,
    `Nothing was done. Ask the person first: "Borrow 'Middlemarch'?" ` +
      `If they agree, call borrow again with the same arguments and "key".`,
  );
});
