import assert from "node:assert/strict";
import { z } from "zod";
import { anyone, signedIn } from "../../src/mcp/access.ts";
import { defineTool, type ToolContent } from "../../src/mcp/tool.ts";
import { ask, createTestServer, ERAS, rpc, toolCall } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

const CONTENT: ToolContent[] = [
  { type: "image", data: new Uint8Array([137, 80, 78, 71]), mimeType: "image/png" },
  { type: "audio", data: new Uint8Array([1, 2]), mimeType: "audio/wav" },
  { type: "resource_link", uri: "https://example.com/menu.pdf", name: "menu", mimeType: "application/pdf" },
  { type: "resource", resource: { uri: "test://menu", mimeType: "text/plain", text: "Soup" } },
  { type: "resource", resource: { uri: "test://scan", blob: new Uint8Array([1, 2]) } },
];
const rich = () => ({ data: { answer: "yes" }, text: "In words", content: CONTENT });

for (const era of ERAS) {
  Deno.test(`${era}: pictures, sounds, resources and links go between the words and the data for the model (issue 10 part 1, TOOL-07)`, async () => {
    const { server } = await createTestServer({ app: tinyApp([tool("rich", rich)]) });
    const { body } = await ask(server, toolCall(era, "rich"));
    assert.deepEqual(body.result?.content, [
      { type: "text", text: "In words" },
      { type: "image", data: "iVBORw==", mimeType: "image/png" },
      { type: "audio", data: "AQI=", mimeType: "audio/wav" },
      CONTENT[2],
      CONTENT[3],
      { type: "resource", resource: { uri: "test://scan", blob: "AQI=" } },
      { type: "text", text: '{"answer":"yes"}', annotations: { audience: ["assistant"] } },
    ]);
  });

  Deno.test(`${era}: nothing of them goes to a caller without a token (issue 10 part 1)`, async () => {
    const { server } = await createTestServer({ app: tinyApp([tool("rich", rich, signedIn("notes:read"))]) });
    const { status, text } = await ask(server, toolCall(era, "rich"));
    assert.equal(status, 401);
    assert.doesNotMatch(text, /iVBORw|menu/);
  });

  Deno.test(`${era}: a tool for widgets only says so in both dialects, and one for the model only as well (issue 10 part 1, UI-06, OAI-10)`, async () => {
    const tools = [
      tool("both", rich),
      tool("helper", rich, undefined, { visibility: ["app"] }),
      tool("model", rich, undefined, { visibility: ["model"] }),
    ];
    const { server } = await createTestServer({ app: tinyApp(tools) });
    const { body } = await ask(server, rpc(era, "tools/list"));
    const listed = body.result?.["tools"] as { name: string; _meta: Record<string, unknown> }[];
    const facts = listed.map(({ name, _meta }) => [
      name,
      (_meta["ui"] as { visibility: unknown }).visibility,
      _meta["openai/widgetAccessible"],
      _meta["openai/visibility"],
    ]);
    assert.deepEqual(facts, [
      ["both", ["model", "app"], true, undefined],
      ["helper", ["app"], true, "private"],
      ["model", ["model"], false, undefined],
    ]);
  });

  Deno.test(`${era}: whoever wraps a tool decides on its data, whatever the texts beside it say`, async () => {
    const inner = tool("inner", () => ({ data: { answer: "inner" }, text: "In words" }));
    const wrapped = {
      ...inner,
      async call(...asked: Parameters<typeof inner.call>) {
        const result = await inner.call(...asked);
        return {
          ...result,
          content: [{ type: "text" as const, text: "no JSON" }],
          structuredContent: { answer: "outer" },
        };
      },
    };
    const { server } = await createTestServer({ app: tinyApp([wrapped]) });
    const { result } = (await ask(server, toolCall(era, "inner"))).body;
    assert.deepEqual(result?.structuredContent, { answer: "outer" });
  });

  Deno.test(`${era}: the data of a result becomes JSON once, and is the same in both places, whatever is in it`, async () => {
    let written = 0;
    const answer = { toJSON: () => `${++written}: "}}" \\ \u2028 \ud800 🍕` };
    const odd = defineTool({
      ...{ name: "odd", title: "Odd", description: "For tests.", access: anyone() },
      ...{ input: z.strictObject({}), output: z.object({ answer: z.unknown() }) },
      ...{ invoking: "Running", invoked: "Done" },
      annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
      run: () => ({ data: { answer }, text: "In words", meta: { "example/more": "}}" } }),
    });
    const { server } = await createTestServer({ app: tinyApp([odd]) });
    const { result } = (await ask(server, toolCall(era, "odd"))).body;
    const data = { answer: '1: "}}" \\ \u2028 \ud800 🍕' };
    assert.deepEqual(result?.structuredContent, data);
    assert.deepEqual(JSON.parse(result?.content?.at(-1)?.text ?? ""), data);
    assert.equal(result?._meta?.["example/more"], "}}");
    assert.equal(written, 1);
  });
}
