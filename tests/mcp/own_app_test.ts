import { z } from "zod";
import assert from "node:assert/strict";
import { followChallenge } from "../challenge_parser.ts";
import { anyone, mixed, signedIn } from "../../src/mcp/access.ts";
import type { Resource } from "../../src/mcp/resource.ts";
import { defineTool } from "../../src/mcp/tool.ts";
import { ToolError } from "../../src/mcp/tool_error.ts";
import { defineWidget, type WidgetPage } from "../../src/mcp/widget.ts";
import { ask, createTestServer, ERAS, rpc, toolCall } from "../support.ts";
import { tinyApp, tool, WIDGET } from "../tiny_app.ts";

const NOTES = "notes://mine";
const notes: Resource = {
  access: signedIn("notes:read"),
  descriptor: { uri: NOTES, name: "My notes" },
  matches: (uri) => uri === NOTES,
  read: () => ({ mimeType: "text/plain", text: "a secret note" }),
};
const answer = (text: string) => ({ data: { answer: text }, text });

for (const era of ERAS) {
  Deno.test(`${era}: a protected resource is challenged like a tool, and read with its scope (AUTH-22, CACHE-05)`, async () => {
    const { server, issuer } = await createTestServer({ app: tinyApp([], [notes]) });
    const read = (token?: string) => ask(server, rpc(era, "resources/read", { uri: NOTES }, { token }));

    const anonymous = await read();
    assert.equal(anonymous.status, 401);
    assert.equal(
      (await followChallenge(server, anonymous.headers.get("www-authenticate")))["scope"],
      "notes:read",
    );
    assert.equal(anonymous.body.error?.code, -32600);
    assert.ok(!anonymous.text.includes("secret"));

    assert.equal((await read(await issuer.token({ scope: "notes:write" }))).status, 403);

    const { status, text, body } = await read(await issuer.token({ scope: "notes:read" }));
    assert.equal(status, 200);
    assert.ok(text.includes("a secret note"));
    assert.notEqual(body.result?.["cacheScope"], "public");
  });

  Deno.test(`${era}: a protected resource stays 401 for ChatGPT, which reads challenges from tool results only (C1)`, async () => {
    const { server } = await createTestServer({ app: tinyApp([], [notes]) });
    const request = rpc(era, "resources/read", { uri: NOTES }, { meta: { "openai/locale": "en" } });
    assert.equal((await ask(server, request)).status, 401);
  });

  Deno.test(`${era}: a challenge names all scopes of what was called, and the metadata all of the app (AUTH-11, PRM-09)`, async () => {
    const both = tool("both", () => answer("x"), signedIn("notes:read", "notes:write"));
    const { server, issuer } = await createTestServer({ app: tinyApp([both]) });
    const status = async (scope?: string) => {
      const token = scope === undefined ? undefined : await issuer.token({ scope });
      const { status, headers } = await ask(server, toolCall(era, "both", {}, { token }));
      if (status === 200) return status;
      const challenge = await followChallenge(server, headers.get("www-authenticate"));
      assert.equal(challenge["scope"], "notes:read notes:write");
      return status;
    };
    assert.equal(await status(), 401);
    assert.equal(await status("notes:read"), 403);
    assert.equal(await status("notes:write notes:read"), 200);
  });

  Deno.test(`${era}: an open tool never learns who calls, a mixed one only with the scope (MIX-02, MIX-03)`, async () => {
    const app = tinyApp([
      tool("open", (_, { caller }) => answer(String(caller?.subject)), anyone()),
      tool("half", (_, { caller }) => answer(String(caller?.subject)), mixed("notes:read")),
    ]);
    const { server, issuer } = await createTestServer({ app });
    const told = async (name: string, scope: string) => {
      const token = await issuer.token({ scope });
      return (await ask(server, toolCall(era, name, {}, { token }))).body.result?.structuredContent
        ?.["answer"];
    };
    assert.equal(await told("open", "notes:read"), "undefined");
    assert.equal(await told("half", ""), "undefined");
    assert.equal(await told("half", "notes:read"), "ada");
  });

  Deno.test(`${era}: members that the output schema does not name never leave the server (OAI-17)`, async () => {
    const run = () => ({ data: { answer: "yes", passwordHash: "canary" }, text: "yes" });
    const { server } = await createTestServer({ app: tinyApp([tool("leaky", run)]) });
    const { body, text } = await ask(server, toolCall(era, "leaky"));
    assert.deepEqual(body.result?.structuredContent, { answer: "yes" });
    assert.ok(!text.includes("canary"));
  });

  Deno.test(`${era}: a ToolError is told in its own words, and a result that fits no schema is our fault (TOOL-06, TOOL-09)`, async () => {
    const app = tinyApp([
      tool("closed", () => {
        throw new ToolError("The kitchen is closed; try after 11.");
      }),
      tool("wrong", () => ({ data: JSON.parse('{"answer":5}'), text: "five" })),
    ]);
    const { server } = await createTestServer({ app });
    const closed = (await ask(server, toolCall(era, "closed"))).body.result;
    assert.equal(closed?.isError, true);
    assert.equal(closed?.content?.[0]?.text, "The kitchen is closed; try after 11.");
    const wrong = (await ask(server, toolCall(era, "wrong"))).body.result;
    assert.equal(wrong?.isError, true);
    assert.match(wrong?.content?.[0]?.text ?? "", /our side/);
  });

  Deno.test(`${era}: with REQUIRE_AUTH everything needs a token, and then nothing changes (MIX-06)`, async () => {
    const { server, issuer } = await createTestServer({ requireAuth: true });
    const token = await issuer.token();
    const first = era === "legacy" ? "initialize" : "server/discover";
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "t", version: "1" },
    };
    for (const method of [first, "tools/list"]) {
      const refused = await ask(server, rpc(era, method, method === "initialize" ? params : {}));
      assert.equal(refused.status, 401);
      await followChallenge(server, refused.headers.get("www-authenticate"));
      const served = await ask(server, rpc(era, method, method === "initialize" ? params : {}, { token }));
      assert.equal(served.status, 200);
    }
  });
}

Deno.test("an app with a mistake does not start, and says where (UI-04, TOOL-04)", async () => {
  const fine = tool("fine", () => answer("x"));
  const apps = {
    'Cannot use "fine" as the name of two tools': tinyApp([fine, fine]),
    'Cannot use "not fine" as the name of a tool': tinyApp([tool("not fine", () => answer("x"))]),
    'Cannot use the scope "unexplained"': tinyApp([tool("fine", () => answer("x"), signedIn("unexplained"))]),
  };
  for (const [message, app] of Object.entries(apps)) {
    await assert.rejects(createTestServer({ app }), (error: Error) => error.message.includes(message));
  }
});

Deno.test("a tool or widget with a mistake cannot be defined", () => {
  // As a program that is run without being type-checked may do
  const pages: Record<string, WidgetPage> = {};
  const page = pages.nobody as WidgetPage;
  assert.throws(() => defineWidget({ page, title: "Nobody", description: "x" }), /"Nobody".*deno task build/);
  const status = "x".repeat(65);
  const declare = () =>
    defineTool({
      ...{ name: "long", title: "Long", description: "x", access: anyone(), widget: WIDGET },
      ...{ input: z.strictObject({}), output: z.object({}), invoking: status, invoked: "Done" },
      annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
      run: () => ({ data: {}, text: "" }),
    });
  assert.throws(declare, /longer than 64/);
});
