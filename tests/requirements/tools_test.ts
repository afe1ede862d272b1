import assert from "node:assert/strict";
import { z } from "zod";
import { anyone } from "../../src/mcp/access.ts";
import { defineTool } from "../../src/mcp/tool.ts";
import { ask, createTestServer, ERAS, rpc, toolCall } from "../support.ts";
import { tinyApp, WIDGET } from "../tiny_app.ts";

const ran: unknown[] = [];
const count = defineTool({
  name: "count",
  title: "Count",
  description: "Counts up to a number.",
  access: anyone(),
  input: z.strictObject({ upTo: z.int().min(1).max(9), by: z.string().max(5).optional() }),
  output: z.object({ last: z.int() }),
  widget: WIDGET,
  invoking: "Counting",
  invoked: "Counted",
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  run(args) {
    ran.push(args);
    return { data: { last: args.upTo }, text: `Counted to ${args.upTo}.`, meta: { seed: "for the widget" } };
  },
});
const { server } = await createTestServer({ app: tinyApp([count]) });

for (const era of ERAS) {
  for (
    const args of [
      {},
      { upTo: 0 },
      { upTo: 2.5 },
      { upTo: "3" },
      { upTo: null },
      { upTo: [3] },
      { upTo: 3, by: "too long" },
      { upTo: 3, upto: 4 },
    ]
  ) {
    Deno.test(`${era}: the arguments ${JSON.stringify(args)} are refused before the tool runs (TOOL-10, TOOL-09)`, async () => {
      ran.length = 0;
      const { result } = (await ask(server, toolCall(era, "count", args))).body;
      assert.equal(result?.isError, true);
      assert.match(result?.content?.[0]?.text ?? "", /upTo|by|upto/);
      assert.deepEqual(ran, []);
    });
  }

  Deno.test(`${era}: what is for the widget only is in the result's _meta and nowhere else (C7, UI-15)`, async () => {
    const { result } = (await ask(server, toolCall(era, "count", { upTo: 3 }))).body;
    assert.equal(result?._meta?.["seed"], "for the widget");
    assert.deepEqual(result?.structuredContent, { last: 3 });
    assert.ok(!JSON.stringify([result?.content, result?.structuredContent]).includes("widget"));
  });

  Deno.test(`${era}: the old and the new word for who may call a tool agree (OAI-10, UI-06)`, async () => {
    const { tools } = (await ask(server, rpc(era, "tools/list"))).body.result as unknown as {
      tools: { _meta: { ui: { visibility: string[] }; "openai/widgetAccessible": boolean } }[];
    };
    for (const { _meta } of tools) {
      assert.equal(_meta["openai/widgetAccessible"], _meta.ui.visibility.includes("app"));
      assert.ok(_meta.ui.visibility.every((who) => who === "model" || who === "app"));
    }
  });
}
