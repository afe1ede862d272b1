import assert from "node:assert/strict";
import { z } from "zod";
import { defineTool, signedIn, type Tool } from "../../src/mod.ts";
import { createTestServer, RESOURCE } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";
import { CLIENTS, type Connection, type Identity } from "./clients.ts";
import { granted } from "./served.ts";

const ignore = !await granted("net");

/** Connects a client to a server of these tools in this process, as Ada. */
async function connectTo(
  tools: readonly Tool[],
  name: string,
  identity: Identity = {},
): Promise<Connection> {
  const { server, issuer } = await createTestServer({ app: tinyApp(tools) });
  const fetch: typeof globalThis.fetch = (input, init) => server.request(new Request(input, init));
  const token = await issuer.token({ scope: "notes:write", org: "o1" });
  return await CLIENTS[name]!.connect(RESOURCE, { fetch, token, ...identity });
}

for (const [name, { revision }] of Object.entries(CLIENTS)) {
  const modern = revision === "2026-07-28";

  Deno.test({
    name: `${name} follows a tool's progress up to its result (issue 10 part 1)`,
    ignore,
    async fn() {
      const counting = tool(
        "counting",
        (_, { progress }) => {
          for (const step of [1, 2]) progress(step, 2, `Step ${step}`);
          return { data: { answer: "done" }, text: "done" };
        },
        undefined,
        { progress: true },
      );
      await using connection = await connectTo([counting], name);
      const seen: unknown[] = [];
      const result = await connection.follow({ name: "counting" }, (progress) => seen.push(progress));
      assert.deepEqual(seen, [
        { progress: 1, total: 2, message: "Step 1" },
        { progress: 2, total: 2, message: "Step 2" },
      ]);
      assert.deepEqual(result["structuredContent"], { answer: "done" });
    },
  });

  Deno.test({
    name:
      `${name} is told that a tool's time is up, as a result, with and without a stream (issue 10 part 1)`,
    ignore,
    async fn() {
      const { promise: never } = Promise.withResolvers<never>();
      const endless = tool("endless", () => never, undefined, { progress: true, timeLimitMs: 20 });
      await using connection = await connectTo([endless], name);
      for (
        const call of [
          () => connection.client.callTool({ name: "endless" }),
          () => connection.follow({ name: "endless" }, () => {}),
        ]
      ) {
        const result = await call();
        assert.equal(result["isError"], true);
        assert.match(JSON.stringify(result["content"]), /longer than 0.02 seconds/);
      }
    },
  });

  Deno.test({
    name:
      `${name} says what it is as far as its era allows, and its tool hears claims and language (issue 10 part 1)`,
    ignore,
    async fn() {
      const seen: unknown[] = [];
      const hearing = tool("hearing", (_, { claims, locale, client }) => {
        seen.push(claims?.["org"], locale, client?.name);
        return { data: { answer: "heard" }, text: "heard" };
      }, signedIn("notes:write"));
      await using connection = await connectTo([hearing], name);
      await connection.follow({ name: "hearing", _meta: { "openai/locale": "pt-BR" } }, () => {});
      assert.deepEqual(seen, ["o1", "pt-BR", modern ? "conformant-client" : undefined]);
    },
  });

  Deno.test({
    name: `${name} gets pictures and links, and finds them in order (issue 10 part 1)`,
    ignore,
    async fn() {
      const rich = tool(
        "rich",
        () => ({
          data: { answer: "yes" },
          text: "yes",
          content: [
            { type: "image", data: new Uint8Array([1]), mimeType: "image/png" },
            { type: "resource_link", uri: "https://example.com/menu", name: "menu" },
          ],
        }),
        undefined,
        { visibility: ["app"] },
      );
      await using connection = await connectTo([rich], name);
      const { content } = await connection.client.callTool({ name: "rich" });
      const types = (content as { type: string }[]).map(({ type }) => type);
      assert.deepEqual(types, ["text", "image", "resource_link", "text"]);
      const { tools } = await connection.client.listTools();
      assert.partialDeepStrictEqual(tools[0]?._meta, { ui: { visibility: ["app"] } });
    },
  });

  for (const action of ["accept", "decline"] as const) {
    Deno.test({
      name: `${name}: a person who is asked and answers with ${action} gets ${
        modern && action === "accept" ? "what they want" : "nothing done"
      } (issue 10 part 1)`,
      ignore,
      async fn() {
        const emptied: string[] = [];
        const empty = defineTool({
          ...{
            name: "empty",
            title: "Empty",
            description: "Empties a box.",
            access: signedIn("notes:write"),
          },
          input: z.strictObject({ box: z.string(), sure: z.boolean().optional() }),
          output: z.object({ box: z.string() }),
          ...{ invoking: "Emptying", invoked: "Emptied" },
          annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
          confirmedBy: "sure",
          async run({ box }, { confirm }) {
            await confirm(`Empty the box ${box}?`);
            emptied.push(box);
            return { data: { box }, text: "Emptied." };
          },
        });
        const asked: unknown[] = [];
        const elicit: Identity["elicit"] = (question) => {
          asked.push((question as { message: string }).message);
          return { action, ...(action === "accept" && { content: {} }) };
        };
        await using connection = await connectTo([empty], name, { elicit });
        const result = await connection.client.callTool({ name: "empty", arguments: { box: "A" } });
        const done = modern && action === "accept";
        assert.equal(result["isError"] === true, !done);
        assert.deepEqual(asked, modern ? ["Empty the box A?"] : []);
        if (!modern) assert.match(JSON.stringify(result["content"]), /call empty again.*sure/);
        assert.deepEqual(emptied, done ? ["A"] : []);
      },
    });
  }
}
