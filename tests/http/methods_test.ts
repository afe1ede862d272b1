import assert from "node:assert/strict";
import { ask, createTestServer, ERAS, RESOURCE, rpc } from "../support.ts";

const { server } = await createTestServer();
const ORIGIN = new URL(RESOURCE).origin;

for (const method of ["GET", "HEAD", "DELETE", "PUT", "PATCH"]) {
  Deno.test(`${method} of the endpoint is 405 and names POST, session or not (TRN-20, TRN-21)`, async () => {
    const session = { "mcp-session-id": "x", "last-event-id": "7", "accept": "text/event-stream" };
    for (const headers of [{}, session]) {
      const response = await server.request(RESOURCE, { method, headers });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), "POST");
      assert.equal(response.headers.get("www-authenticate"), null);
    }
  });
}

Deno.test("a session id is neither needed, nor made, nor given back (TRN-20, TRN-23, BASE-14)", async () => {
  const headers = { "mcp-session-id": "made-up-by-the-caller", "last-event-id": "7" };
  for (const era of ERAS) {
    for (const method of ["tools/list", era === "legacy" ? "initialize" : "server/discover"]) {
      const params = {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "test", version: "1" },
      };
      const request = rpc(era, method, method === "initialize" ? params : {}, { headers });
      const response = await server.request(request);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("mcp-session-id"), null);
      await response.body?.cancel();
    }
  }
});

for (const path of ["/mcp", "/"]) {
  Deno.test(`a browser that opens ${path} sees what this is, its tools and how to connect`, async () => {
    const accept = "text/html,application/xhtml+xml,*/*;q=0.8";
    const { status, headers, text } = await ask(server, new Request(ORIGIN + path, { headers: { accept } }));
    assert.equal(status, 200);
    assert.match(headers.get("content-type") ?? "", /^text\/html/);
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'.*frame-ancestors 'none'/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    for (
      const part of [
        "Pizza in San Francisco",
        "search_pizza_sf",
        "see_past_orders",
        "Needs sign-in",
        RESOURCE,
      ]
    ) {
      assert.ok(text.includes(part), part);
    }
    assert.ok(!/<script|src=|https?:\/\/(?!localhost)/.test(text), "the page loads nothing");
  });
}

Deno.test("an unknown path is 404 and names the endpoint, whoever asks and how", async () => {
  for (const method of ["GET", "POST", "DELETE"]) {
    for (const path of ["/", "/mcp/", "/mcp/more", "/sse", "/.env", "/mcp%2f"]) {
      const { status, body } = await ask(server, new Request(ORIGIN + path, { method }));
      assert.equal(status, 404, `${method} ${path}`);
      assert.match(body.error?.message ?? "", /endpoint is \/mcp/);
    }
  }
});

Deno.test("/health and /ready are open, and say nothing but that all is well", async () => {
  assert.deepEqual((await ask<unknown>(server, new Request(`${ORIGIN}/health`))).body, { status: "ok" });
  const { status, body } = await ask<unknown>(server, new Request(`${ORIGIN}/ready`));
  assert.equal(status, 200);
  assert.deepEqual(body, { keys: "ok", app: "ok" });
});

Deno.test("every answer forbids guessing its type", async () => {
  for (const path of ["/mcp", "/", "/health", "/nothing", "/.well-known/oauth-protected-resource"]) {
    const response = await server.request(ORIGIN + path);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff", path);
    await response.body?.cancel();
  }
});
