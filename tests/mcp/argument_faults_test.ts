import assert from "node:assert/strict";
import { z } from "zod";
import { anyone } from "../../src/mcp/access.ts";
import { defineTool } from "../../src/mcp/tool.ts";
import { ask, createTestServer, ERAS, rpc, toolCall } from "../support.ts";
import { tinyApp } from "../tiny_app.ts";

const CANARY = "canary-of-the-caller";

const order = defineTool({
  ...{ name: "order", title: "Order", description: "For tests.", access: anyone() },
  input: z.strictObject({
    topping: z.string().min(2).max(100),
    note: z.string().length(1).optional(),
    count: z.int().min(1).max(20).optional(),
    price: z.number().gt(0).lt(100).multipleOf(5).optional(),
    size: z.enum(["small", "large"]).optional(),
    kind: z.literal("note").optional(),
    extras: z.array(z.strictObject({ name: z.string(), spicy: z.boolean() })).min(1).max(2).optional(),
    email: z.email().optional(),
    when: z.iso.datetime().optional(),
    code: z.string().regex(/^\d+$/, "must be digits only").optional(),
    word: z.string().regex(/^\w+$/).optional(),
    table: z.union([z.string(), z.number()]).optional(),
    even: z.number().refine((value) => value % 2 === 0).optional(),
    prices: z.record(z.string().max(3), z.number()).optional(),
  }),
  output: z.object({}),
  ...{ invoking: "Ordering", invoked: "Ordered" },
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  run: () => ({ data: {}, text: "ok" }),
});
const { server } = await createTestServer({ app: tinyApp([order]) });

async function told(args: Record<string, unknown>): Promise<string> {
  const { body } = await ask(server, toolCall("legacy", "order", args));
  assert.equal(body.result?.isError, true);
  return body.result?.content?.[0]?.text ?? "";
}

for (
  const [what, args, sentence] of [
    ["a missing argument", {}, "topping is missing; it must be text."],
    ["a number for text", { topping: 5 }, "topping must be text."],
    ["too long a text", { topping: "x".repeat(101) }, "topping must be text of at most 100 characters."],
    ["too short a text", { topping: "x" }, "topping must be text of at least 2 characters."],
    ["a text of another length", { note: "ab" }, "note must be text of exactly 1 character."],
    ["a fraction", { count: 1.5 }, "count must be a whole number."],
    ["too large a number", { count: 21 }, "count must be at most 20."],
    ["too small a number", { count: 0 }, "count must be at least 1."],
    ["the bound that is not included", { price: 100 }, "price must be less than 100."],
    ["an odd price", { price: 7 }, "price must be a multiple of 5."],
    ["another choice", { size: CANARY }, 'size must be one of "small", "large".'],
    ["another literal", { kind: CANARY }, 'kind must be "note".'],
    ["no extras", { extras: [] }, "extras must be a list of at least 1 item."],
    [
      "a member of another type",
      { extras: [{ name: CANARY, spicy: CANARY }] },
      "extras[0].spicy must be true or false.",
    ],
    ["a member too many", {
      extras: [{ name: "x", spicy: true, [CANARY]: 1 }],
    }, "extras[0] has a member that is not known."],
    ["an address that is none", { email: CANARY }, "email must be an e-mail address."],
    ["a date that is none", { when: CANARY }, "when must be a date and time such as 2026-11-24T12:00:00Z."],
    ["a form with words of its own", { code: CANARY }, "code must be digits only."],
    [
      "a form without words",
      { word: "no word" },
      "word must have the form that its description asks for.",
    ],
    ["neither of two types", { table: true }, "table must be text or a number."],
    ["a check without words", { even: 3 }, "even does not fit its description."],
    [
      "a key of the caller's",
      { prices: { [CANARY]: 1 } },
      "An entry of prices does not fit its description.",
    ],
    ["an entry of the caller's", { prices: { ab: CANARY } }, "An entry of prices must be a number."],
  ] as const
) {
  Deno.test(`${what} is told in a sentence that names the argument and quotes nothing (TOOL-09)`, async () => {
    const text = await told(what === "a missing argument" ? args : { topping: "clam", ...args });
    assert.equal(text, sentence);
  });
}

Deno.test("an argument that the tool does not know is answered with those that it knows", async () => {
  const text = await told({ topping: "clam", [CANARY]: 1 });
  assert.match(text, /^The only arguments are topping, note, count, .*prices\.$/);
  assert.ok(!text.includes(CANARY));
});

Deno.test("many faults make a bounded text, which says how many more there are", async () => {
  const wrong = Object.fromEntries(
    Object.keys({ topping: 1, note: 1, size: 1, kind: 1, extras: 1, email: 1, when: 1 })
      .map((name) => [name, { [CANARY]: CANARY.repeat(100) }]),
  );
  const text = await told(wrong);
  assert.match(text, / 2 more arguments do not fit\.$/);
  assert.ok(text.length <= 1_000);
  assert.ok(!text.includes(CANARY));
  const extras = Array.from({ length: 3_000 }, () => ({ [CANARY]: 1 }));
  assert.ok((await told({ topping: "clam", extras })).length <= 1_000);
});

for (const era of ERAS) {
  Deno.test(`${era}: params that do not fit a method are told without the words of a schema library`, async () => {
    for (
      const [method, params, says] of [
        ["tools/call", { name: 5 }, /needs the name of a tool/],
        ["tools/call", { name: "order", arguments: [CANARY] }, /must be an object/],
        ["tools/call", { name: "order", arguments: CANARY }, /must be an object/],
        ["tools/list", { cursor: 5 }, /cursor: must be text/],
        ["resources/read", { uri: 5 }, /uri: must be text/],
        ["resources/read", {}, /uri: must be text/],
      ] as const
    ) {
      const { body, text } = await ask(server, rpc(era, method, params));
      assert.equal(body.error?.code, -32602);
      assert.match(body.error?.message ?? "", says);
      assert.doesNotMatch(text, new RegExp(`Invalid input|expected|invalid_type|${CANARY}`));
    }
  });

  Deno.test(`${era}: a name that nothing has is not told back at any length`, async () => {
    for (const [method, params] of [["tools/call", "name"], ["resources/read", "uri"]] as const) {
      const headers = { "mcp-name": "x".repeat(5_000) };
      const { body, text } = await ask(
        server,
        rpc(era, method, { [params]: "x".repeat(5_000) }, { headers }),
      );
      assert.equal(body.error?.code, -32602);
      assert.ok(text.length < 500, text);
    }
  });
}
