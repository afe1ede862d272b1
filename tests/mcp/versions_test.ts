import assert from "node:assert/strict";
import { ask, createTestServer, type Era, ERAS, RESOURCE, rpc, toolCall } from "../support.ts";

const { server } = await createTestServer();
const VERSION = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
const client = { capabilities: {}, clientInfo: { name: "test", version: "1" } };

for (const version of ["2025-11-25", "2025-06-18", "2025-03-26"]) {
  Deno.test(`initialize with ${version} gets ${version}, who we are, and what we offer (BASE-11, BASE-12)`, async () => {
    const { status, body } = await ask(
      server,
      rpc("legacy", "initialize", { protocolVersion: version, ...client }),
    );
    assert.equal(status, 200);
    assert.equal(body.result?.["protocolVersion"], version);
    assert.deepEqual(Object.keys(body.result?.["serverInfo"] ?? {}).sort(), ["name", "title", "version"]);
    assert.deepEqual(Object.keys(body.result?.["capabilities"] ?? {}).sort(), [
      "extensions",
      "resources",
      "tools",
    ]);
  });
}

Deno.test("initialize with a version nobody knows gets the latest of its era (BASE-11)", async () => {
  for (const protocolVersion of ["2099-01-01", "1999-01-01", "2026-07-28"]) {
    const { body } = await ask(server, rpc("legacy", "initialize", { protocolVersion, ...client }));
    assert.equal(body.result?.["protocolVersion"], "2025-11-25");
  }
});

Deno.test("server/discover names versions, what we offer, and how long that holds (BASE-05, BASE-10, CACHE-01, OAI-22)", async () => {
  const { status, body } = await ask(server, rpc("modern", "server/discover"));
  assert.equal(status, 200);
  const { supportedVersions, capabilities, ttlMs, cacheScope, instructions } = body.result ?? {};
  assert.deepEqual(supportedVersions, ["2026-07-28"]);
  assert.deepEqual(capabilities, {
    tools: {},
    resources: {},
    extensions: { "io.modelcontextprotocol/ui": {} },
  });
  assert.ok(Number.isInteger(ttlMs) && cacheScope === "public");
  assert.match(String(instructions).slice(0, 512), /search_notes.*list_notes/);
});

Deno.test("a version of no era is 400 and -32022, naming what was asked and what there is (TRN-14)", async () => {
  const meta = { [VERSION]: "1900-01-01" };
  const headers = { "mcp-protocol-version": "1900-01-01" };
  const options = { meta, headers };
  for (
    const request of [
      rpc("modern", "tools/list", {}, options),
      toolCall("modern", "search_notes", {}, options),
    ]
  ) {
    const { status, body } = await ask(server, request);
    assert.equal(status, 400);
    assert.equal(body.error?.code, -32022);
    const { supported, requested } = body.error?.data as { supported: string[]; requested: string };
    assert.ok(supported.includes("2026-07-28"));
    assert.equal(requested, "1900-01-01");
  }
});

for (
  const [what, meta] of [
    ["no capabilities is 400 and -32602 (BASE-01)", { [VERSION]: "2026-07-28" }],
    ["no version is 400 and -32602, not legacy (BASE-01, BASE-13)", { [CAPABILITIES]: {} }],
    ["nothing in _meta is 400 and -32602, not legacy (BASE-01, BASE-13)", {}],
  ] as const
) {
  Deno.test(`a modern header and ${what}`, async () => {
    for (const [method, params] of [["tools/list", {}], ["tools/call", { name: "search_notes" }]] as const) {
      const request = new Request(rpc("modern", method, params), {
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: meta } }),
      });
      const { status, body } = await ask(server, request);
      assert.equal(status, 400);
      assert.equal(body.error?.code, -32602);
    }
  });
}

Deno.test("who the client says it is changes nothing (BASE-01, BASE-22)", async () => {
  const infos = [undefined, { name: "ChatGPT", version: "1" }, { name: "", version: "" }];
  const answers = await Promise.all(infos.map(async (info) => {
    const meta = info ? { "io.modelcontextprotocol/clientInfo": info } : {};
    return (await ask(server, toolCall("modern", "search_notes", {}, { meta }))).text;
  }));
  assert.equal(new Set(answers).size, 1);
});

Deno.test("a first request of either era is served without any before it (BASE-02, OAI-23)", async () => {
  for (const era of ERAS) {
    const { server } = await createTestServer();
    assert.equal((await ask(server, toolCall(era, "search_notes"))).status, 200);
  }
});

Deno.test("ping answers in the legacy era and is gone from the modern one (BASE-15)", async () => {
  assert.deepEqual((await ask(server, rpc("legacy", "ping"))).body.result, {});
  assert.equal(await codeOf("modern", "ping", 404), -32601);
});

const REMOVED = ["logging/setLevel", "resources/subscribe", "resources/unsubscribe", "initialize"];
for (const method of [...REMOVED, "subscriptions/listen", "prompts/list", "foo/bar", "constructor"]) {
  Deno.test(`a modern ${method} is 404 and -32601 (TRN-15, BASE-15, BASE-18)`, async () => {
    assert.equal(await codeOf("modern", method, 404), -32601);
  });
}

for (
  const method of ["server/discover", "subscriptions/listen", "prompts/list", "foo/bar", "logging/setLevel"]
) {
  Deno.test(`a legacy ${method} is 200 and -32601`, async () => {
    assert.equal(await codeOf("legacy", method, 200), -32601);
  });
}

Deno.test("results of the eras do not mix, however they follow each other (BASE-03, BASE-04, BASE-14, CACHE-02)", async () => {
  const methods = ["tools/list", "resources/list", "resources/templates/list"];
  for (const era of [...ERAS, ...ERAS]) {
    for (const request of [...methods.map((method) => rpc(era, method)), toolCall(era, "search_notes")]) {
      const result = (await ask(server, request)).body.result ?? {};
      const info = result._meta?.["io.modelcontextprotocol/serverInfo"] as { name: string } | undefined;
      if (era === "modern") {
        assert.equal(result["resultType"], "complete");
        assert.equal(info?.name, "notes");
      } else {
        for (const key of ["resultType", "ttlMs", "cacheScope"]) assert.ok(!(key in result), key);
        assert.equal(info, undefined);
      }
    }
  }
});

Deno.test("the endpoint ignores its query, whatever it claims", async () => {
  for (const era of ERAS) {
    const request = new Request(`${RESOURCE}?tool=list_notes&era=x`, rpc(era, "tools/list"));
    assert.equal((await ask(server, request)).status, 200);
  }
});

async function codeOf(era: Era, method: string, expected: number) {
  const { status, body } = await ask(server, rpc(era, method, {}, { id: "the-id" }));
  assert.equal(status, expected);
  assert.equal(body.id, "the-id");
  return body.error?.code;
}
