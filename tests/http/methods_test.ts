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
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe-inline|https?:|\*/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    for (
      const part of [
        "Notes",
        "search_notes",
        "list_notes",
        "Needs sign-in",
        "notes:read",
        "See your notes",
        "notes:write",
        RESOURCE,
      ]
    ) {
      assert.ok(text.includes(part), part);
    }
    assert.ok(!/src=|@import|url\(|href="https?:\/\/(?!localhost)/.test(text), "the page loads nothing");
  });
}

async function startPage(resource: string): Promise<string> {
  const { server } = await createTestServer({
    resource,
    allowedHosts: [new URL(resource).host],
    loopback: false,
  });
  return (await ask(server, new Request(new URL("/", resource), { headers: { accept: "text/html" } }))).text;
}

Deno.test("on this machine the start page offers local clients, and says what ChatGPT and Claude need", async () => {
  for (const resource of [RESOURCE, "http://127.0.0.1:9000/mcp"]) {
    const text = await startPage(resource);
    for (
      const command of [
        `claude mcp add --transport http notes ${resource}`,
        `codex mcp add notes --url ${resource}`,
        `gemini mcp add --transport http notes ${resource}`,
        `npx @modelcontextprotocol/inspector ${resource}`,
        "code --add-mcp",
        `cloudflared tunnel --url ${new URL(resource).origin}`,
      ]
    ) {
      assert.ok(text.includes(command), command);
    }
    assert.match(text, /need a public https address/);
    assert.doesNotMatch(text, /Custom connector|Plugins/i);
  }
});

Deno.test("in public the start page offers every client, and no tunnel", async () => {
  const text = await startPage("https://notes.example/mcp");
  assert.match(text, /claude mcp add --transport http notes https:\/\/notes\.example\/mcp/);
  for (const words of ["ChatGPT", "Plugins", "Add custom connector"]) assert.ok(text.includes(words), words);
  assert.doesNotMatch(text, /tunnel|localhost/);
});

for (
  const [what, method, path, headers, status, says] of [
    ["a mistyped path", "GET", "/mpc", {}, 404, /The MCP endpoint is \/mcp/],
    ["the address of sign-in", "GET", "/auth", {}, 404, /There is nothing at this address/],
    ["a path of markup", "GET", "/<b>x", {}, 404, /nothing at this path/],
    ["a name that is not ours", "GET", "/", { host: "evil.example" }, 403, /MCP_ALLOWED_HOSTS/],
    [
      "an origin that is not ours",
      "GET",
      "/mcp",
      { origin: "https://evil.example" },
      403,
      /MCP_ALLOWED_ORIGINS/,
    ],
  ] as const
) {
  Deno.test(`a browser at ${what} is shown a page of ${status}, and everything else JSON`, async () => {
    const request = (accept: string) =>
      new Request(ORIGIN + path, { method, headers: { ...headers, accept } });
    const page = await ask(server, request("text/html,*/*;q=0.8"));
    assert.equal(page.status, status);
    assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
    assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    assert.match(page.text, says);
    assert.match(page.text, /href="http:\/\/localhost:8000\/"/);
    const json = await ask(server, request("application/json, text/event-stream"));
    assert.equal(json.status, status);
    assert.ok(json.body.error?.message);
  });
}

Deno.test("a method that is not allowed is a page for a browser that looks, with Allow, and JSON for one that posts", async () => {
  const path = "/.well-known/oauth-protected-resource";
  const headers = { accept: "text/html" };
  const { server } = await createTestServer();
  const posted = await ask(server, new Request(ORIGIN + path, { method: "POST", headers }));
  assert.equal(posted.status, 405);
  assert.equal(posted.headers.get("allow"), "GET, HEAD, OPTIONS");
  assert.ok(posted.body.error?.message);
});

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
