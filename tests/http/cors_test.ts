import assert from "node:assert/strict";
import { ask, createTestServer, RESOURCE, rpc, toolCall } from "../support.ts";

const ORIGIN = "http://localhost:8000";
const { server } = await createTestServer();

function preflight(origin: string): Request {
  return new Request(RESOURCE, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type,mcp-method",
    },
  });
}

const words = (value: string | null) => (value ?? "").toLowerCase().split(/\s*,\s*/);

Deno.test("a preflight of an allowed web page is answered without sign-in, naming every header it needs (TRN-25)", async () => {
  const response = await server.request(preflight(ORIGIN));
  assert.equal(response.status, 204);
  assert.equal(await response.text(), "");
  assert.equal(response.headers.get("access-control-allow-origin"), ORIGIN);
  assert.ok(words(response.headers.get("access-control-allow-methods")).includes("post"));
  const allowed = words(response.headers.get("access-control-allow-headers"));
  const needed = [
    "authorization",
    "content-type",
    "accept",
    "mcp-protocol-version",
    "mcp-method",
    "mcp-name",
  ];
  for (const header of [...needed, "mcp-session-id", "last-event-id"]) {
    assert.ok(allowed.includes(header), header);
  }
});

for (const origin of ["https://evil.example", "null"]) {
  Deno.test(`a preflight of ${origin} is allowed nothing (TRN-02, TRN-25)`, async () => {
    const response = await server.request(preflight(origin));
    assert.equal(response.headers.get("access-control-allow-origin"), null);
  });
}

Deno.test("no answer allows cookies or every origin (C8)", async () => {
  for (
    const request of [preflight(ORIGIN), rpc("legacy", "tools/list", {}, { headers: { origin: ORIGIN } })]
  ) {
    const { headers } = await server.request(request);
    assert.equal(headers.get("access-control-allow-credentials"), null);
    assert.equal(headers.get("access-control-allow-origin"), ORIGIN);
    assert.ok(words(headers.get("vary")).includes("origin"));
  }
});

Deno.test("a web page may read the challenge and the reason of every refusal (TRN-25)", async () => {
  const headers = { origin: ORIGIN };
  const refusals = [
    toolCall("modern", "list_notes", {}, { headers }),
    toolCall("modern", "search_notes", {}, { headers, token: "bad" }),
    new Request(RESOURCE, {
      method: "POST",
      headers: { ...headers, "content-type": "text/plain" },
      body: "x",
    }),
    new Request(RESOURCE, { method: "DELETE", headers }),
  ];
  for (const request of refusals) {
    const { status, headers } = await ask(server, request);
    assert.ok(status >= 400);
    assert.equal(headers.get("access-control-allow-origin"), ORIGIN);
    const exposed = words(headers.get("access-control-expose-headers"));
    for (const header of ["www-authenticate", "mcp-protocol-version"]) assert.ok(exposed.includes(header));
  }
});
