import assert from "node:assert/strict";
import { ask, createTestServer, ERAS, rpc, TestIssuer, toolCall } from "../support.ts";

const METADATA = "http://localhost:8000/.well-known/oauth-protected-resource/mcp";

/** Every string, number and key of a JSON value. */
function* walk(value: unknown, key = ""): Generator<[string, unknown]> {
  yield [key, value];
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) yield* walk(member, name);
}

Deno.test("the metadata is open JSON without empty members and without offline_access (PRM-06, PRM-07, AUTH-12)", async () => {
  const { server } = await createTestServer();
  const response = await server.request(METADATA);
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  for (const [key, value] of walk(await response.json())) {
    assert.ok(value !== null && !(Array.isArray(value) && value.length === 0), `${key} is empty`);
    assert.notEqual(value, "offline_access");
  }
});

for (const era of ERAS) {
  Deno.test(`no challenge asks for offline_access or for what another tool needs, ${era} (AUTH-11, AUTH-12)`, async () => {
    const { server } = await createTestServer();
    const { headers } = await ask(server, toolCall(era, "list_notes"));
    assert.match(headers.get("www-authenticate") ?? "", /scope="notes:read",/);
  });

  Deno.test(`no answer has a reserved error code that is not its, ${era} (BASE-07)`, async () => {
    const { server } = await createTestServer();
    const requests = [
      rpc(era, "tools/list", { cursor: "x" }),
      rpc(era, "resources/read", { uri: "ui://widget/nothing.html" }),
      rpc(era, "resources/read", {}),
      rpc(era, "no/such/method"),
      rpc(era, "prompts/list"),
      rpc(era, "tools/call", { name: 5 }),
      rpc(era, "logging/setLevel", { level: "info" }),
      rpc(era, "tools/list", {}, { headers: { "mcp-protocol-version": "1999-01-01" } }),
      rpc(era, "tools/list", {}, { token: "garbage" }),
      toolCall(era, "nothing"),
      toolCall(era, "list_notes"),
      toolCall(era, "search_notes", { query: 5 }),
    ];
    const known = [-32700, -32600, -32601, -32602, -32603, -32020, -32022, -32000];
    for (const request of requests) {
      const { body, text } = await ask(server, request);
      if (body.error) assert.ok(known.includes(body.error.code), text);
      else assert.ok(!text.includes("input_required"), text);
    }
  });

  Deno.test(`the widgets are MCP Apps pages without a domain or permissions of their own, ${era} (OAI-12, OAI-14, UI-12)`, async () => {
    const { server } = await createTestServer();
    const { body } = await ask(server, rpc(era, "resources/list"));
    const listed = (body.result as unknown as { resources: { uri: string }[] }).resources;
    assert.equal(listed.length, 2);
    for (const { uri } of listed) {
      const { text } = await ask(server, rpc(era, "resources/read", { uri }));
      const [content] = JSON.parse(text).result.contents;
      assert.equal(content.mimeType, "text/html;profile=mcp-app");
      assert.deepEqual(Object.keys(content._meta.ui).sort(), ["csp", "prefersBorder"]);
    }
  });
}

Deno.test("a caller's token goes nowhere: the issuer sees requests without any (AUTH-18)", async () => {
  const issuer = await TestIssuer.create();
  const sent: Request[] = [];
  const fetch = (input: string | URL | Request, init?: RequestInit) => {
    sent.push(new Request(input, init));
    return issuer.fetch(input);
  };
  const { server } = await createTestServer({ fetch: fetch as typeof globalThis.fetch });
  const token = await issuer.token();
  assert.equal((await ask(server, toolCall("legacy", "list_notes", {}, { token }))).status, 200);
  assert.ok(sent.length > 0);
  for (const request of sent) {
    assert.equal(request.headers.get("authorization"), null);
    assert.ok(!request.url.includes(token) && request.body === null);
  }
});
