import { AjvJsonSchemaValidator } from "@modelcontextprotocol/server/validators/ajv";
import assert from "node:assert/strict";
import { ask, createTestServer, type Era, ERAS, rpc, type RpcOptions } from "../support.ts";

type Json = Readonly<Record<string, unknown>>;
interface ToolEntry extends Json {
  readonly name: string;
  readonly inputSchema: Json;
  readonly outputSchema: Json;
  readonly annotations: Json;
  readonly securitySchemes: readonly Json[];
  readonly _meta: Json & {
    readonly ui?: { readonly resourceUri: string; readonly visibility: readonly string[] };
  };
}

const { server, issuer } = await createTestServer();

async function list(era: Era, options: RpcOptions = {}) {
  const { body, text } = await ask(server, rpc(era, "tools/list", {}, options));
  return { text, result: body.result, tools: body.result?.["tools"] as readonly ToolEntry[] };
}

const { tools } = await list("modern");

for (const era of ERAS) {
  Deno.test(`${era}: tools/list is the same for everyone, every time, byte for byte (TOOL-02, TOOL-03, CACHE-03, C9)`, async () => {
    const texts = [
      await list(era),
      await list(era, { token: await issuer.token() }),
      await list(era, { token: await issuer.token({ sub: "grace", scope: "" }) }),
      await list(era, { headers: { "user-agent": "openai-mcp/1.0" } }),
      await list(era, { meta: { "openai/locale": "de" } }),
      await list(era),
    ].map(({ text }) => text);
    assert.equal(new Set(texts).size, 1);
  });

  Deno.test(`${era}: a cursor of nobody is -32602 on every list (BASE-21)`, async () => {
    for (const method of ["tools/list", "resources/list", "resources/templates/list"]) {
      const { body } = await ask(server, rpc(era, method, { cursor: "x" }));
      assert.equal(body.error?.code, -32602);
    }
  });
}

Deno.test("both eras list the same tools, and only the modern one says how long to keep them (CACHE-01, CACHE-02)", async () => {
  const [legacy, modern] = [await list("legacy"), await list("modern")];
  assert.deepEqual(legacy.tools, modern.tools);
  assert.equal(modern.result?.["cacheScope"], "public");
  assert.ok(Number(modern.result?.["ttlMs"]) > 0);
  assert.equal(legacy.result?.["ttlMs"], undefined);
});

Deno.test("tools are listed with the sign-in that they ask for (OAI-01)", () => {
  const schemes = Object.fromEntries(tools.map(({ name, securitySchemes }) => [name, securitySchemes]));
  const oauth2 = { type: "oauth2", scopes: ["notes:read"] };
  assert.deepEqual(schemes, {
    search_notes: [{ type: "noauth" }, oauth2],
    list_notes: [oauth2],
    add_note: [{ type: "oauth2", scopes: ["notes:write"] }],
  });
});

for (const { name, ...tool } of tools) {
  Deno.test(`${name} mirrors its securitySchemes in _meta (OAI-02)`, () => {
    assert.deepEqual(tool._meta["securitySchemes"], tool.securitySchemes);
  });

  Deno.test(`${name} has a name, a title and hints that every host can use (TOOL-04, TOOL-11)`, () => {
    assert.match(name, /^[A-Za-z0-9_.-]{1,64}$/);
    assert.ok(tool["title"] && tool["description"]);
    for (const hint of ["readOnlyHint", "destructiveHint", "openWorldHint"]) {
      assert.equal(typeof tool.annotations[hint], "boolean", hint);
    }
  });

  Deno.test(`${name} has schemas of an object (TOOL-05)`, () => {
    for (const schema of [tool.inputSchema, tool.outputSchema]) assert.equal(schema["type"], "object");
  });

  Deno.test(`${name} has valid schemas of 2020-12 that refer to nothing outside (BASE-17)`, () => {
    for (const schema of [tool.inputSchema, tool.outputSchema]) {
      assert.equal(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
      assert.doesNotMatch(JSON.stringify(schema), /"\$(dynamicR|r)ef":"(?!#)/);
      new AjvJsonSchemaValidator().getValidator(schema);
    }
  });

  Deno.test(`${name} asks for none of its arguments in a header (TRN-18)`, () => {
    assert.doesNotMatch(JSON.stringify(tool.inputSchema), /x-mcp-header/);
  });

  Deno.test(`${name} names all of its arguments (OAI-16)`, () => {
    assert.equal(tool.inputSchema["additionalProperties"], false);
  });

  Deno.test(`${name} names its widget in both dialects, if it has one (OAI-08, UI-05)`, () => {
    assert.equal(tool._meta["openai/outputTemplate"], tool._meta.ui?.resourceUri);
  });

  Deno.test(`${name} is for the model or for widgets, and for nobody else that it names (UI-06)`, () => {
    const visibility = tool._meta.ui?.visibility ?? [];
    assert.deepEqual(visibility.filter((who) => who !== "model" && who !== "app"), []);
  });

  Deno.test(`${name} says what it does in at most 64 characters (OAI-09)`, () => {
    for (const key of ["openai/toolInvocation/invoking", "openai/toolInvocation/invoked"]) {
      const status = tool._meta[key];
      assert.ok(typeof status === "string" && status.length > 0 && status.length <= 64, key);
    }
  });

  Deno.test(`${name} uses _meta keys of the grammar, none that belong to MCP or to the host (BASE-09, OAI-19)`, () => {
    for (const key of Object.keys(tool._meta)) {
      assert.match(key, /^([a-z][a-z0-9-]*\/)?([A-Za-z0-9][A-Za-z0-9._/-]*)$/);
      assert.ok(!key.startsWith("io.modelcontextprotocol/") && key !== "openai/widgetSessionId");
    }
  });
}

for (const era of ERAS) {
  Deno.test(`${era}: every result fits the schema that its tool advertises, signed in or not (TOOL-06, TOOL-07, UI-08)`, async () => {
    const searches = [
      { name: "search_notes", arguments: {} },
      { name: "search_notes", arguments: { query: "park" } },
      { name: "search_notes", arguments: { query: "nothing at all" } },
    ];
    const own = [
      { name: "list_notes", arguments: {} },
      ...["Feed the cat", "Parked at the pier", "Call Grace"].map((title) => ({
        name: "add_note",
        arguments: { title },
      })),
      { name: "list_notes", arguments: { limit: 2 } },
    ];
    const token = await issuer.token({ sub: `the writer, ${era}`, scope: "notes:read notes:write" });
    const calls = [
      ...searches.map((call) => ({ call, token: undefined })),
      ...[...own, ...searches].map((call) => ({ call, token })),
    ];
    for (const { call, token } of calls) {
      const { body } = await ask(server, rpc(era, "tools/call", call, { token }));
      const { structuredContent, content = [] } = body.result ?? {};
      const schema = tools.find(({ name }) => name === call.name)!.outputSchema;
      const { valid, errorMessage } = new AjvJsonSchemaValidator().getValidator(schema)(structuredContent);
      assert.ok(valid, errorMessage);
      assert.deepEqual(JSON.parse(content.at(-1)?.text ?? ""), structuredContent);
      assert.ok((content[0]?.text.length ?? 0) > 20, "the data comes in words too");
    }
  });

  Deno.test(`${era}: what a widget shows is said in words as well, before the data (UI-07)`, async () => {
    const { result } = (await ask(server, rpc(era, "tools/call", { name: "search_notes" }))).body;
    const { structuredContent, content = [] } = result ?? {};
    const words = content.map(({ text }) => text).filter((text) => !text.startsWith("{")).join();
    const notes = structuredContent?.["notes"] as { title: string }[];
    assert.ok(notes.length > 0);
    for (const { title } of notes) assert.ok(words.includes(title), title);
  });

  Deno.test(`${era}: a tool nobody has is -32602, signed in or not (TOOL-08)`, async () => {
    for (const name of ["nothing", "SEARCH_NOTES", "list_notes ", "__proto__", "toString"]) {
      for (const token of [undefined, await issuer.token()]) {
        const request = rpc(era, "tools/call", { name }, { token, headers: { "mcp-name": name.trim() } });
        const { body } = await ask(server, request);
        assert.ok(body.error && [-32602, -32020].includes(body.error.code), name);
      }
    }
  });
}
