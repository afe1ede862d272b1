import assert from "node:assert/strict";
import { ask, createTestServer, ERAS, RESOURCE, rpc, type RpcOptions } from "../support.ts";

const PUBLIC = "https://notes.example/mcp";
const { server: local, issuer } = await createTestServer();
const { server: deployed } = await createTestServer({
  resource: PUBLIC,
  allowedHosts: ["notes.example", "backup.example:8443"],
  allowedOrigins: ["https://chat.example"],
  loopback: false,
});

async function status(server: typeof local, headers: Record<string, string>, options: RpcOptions = {}) {
  const statuses = await Promise.all(ERAS.map(async (era) => {
    const request = rpc(era, "tools/list", {}, { ...options, headers: { ...options.headers, ...headers } });
    return (await ask(server, server === local ? request : new Request(PUBLIC, request))).status;
  }));
  assert.equal(statuses[0], statuses[1], "both eras alike");
  return statuses[0];
}

for (
  const [host, expected] of [
    ["localhost:8000", 200],
    ["LOCALHOST:8000", 200],
    ["127.0.0.1:8000", 200],
    ["[::1]:8000", 200],
    ["localhost:9999", 200],
    ["localhost", 200],
    ["evil.example", 403],
    ["evil.example:8000", 403],
    ["localhost.evil.example", 403],
    ["127.0.0.1.evil.example:8000", 403],
    ["127.0.0.2", 403],
    ["localhost:8000@evil.example", 403],
    ["", 403],
  ] as const
) {
  Deno.test(`a server on loopback answers ${expected} to Host: ${host || "(empty)"} (TRN-04)`, async () => {
    assert.equal(await status(local, { host }), expected);
  });
}

for (
  const [host, expected] of [
    ["notes.example", 200],
    ["notes.example:443", 200],
    ["Notes.Example", 200],
    ["backup.example:8443", 200],
    ["backup.example", 403],
    ["localhost", 403],
    ["127.0.0.1:8000", 403],
    ["evil.example", 403],
  ] as const
) {
  Deno.test(`a public server answers ${expected} to Host: ${host} (TRN-04)`, async () => {
    assert.equal(await status(deployed, { host }), expected);
  });
}

for (
  const [origin, onLoopback, onPublic] of [
    ["http://localhost:8000", 200, 403],
    ["http://localhost:6274", 200, 403],
    ["http://127.0.0.1:6274", 200, 403],
    ["http://[::1]:1", 200, 403],
    ["https://chat.example", 403, 200],
    ["https://chat.example:444", 403, 403],
    ["http://chat.example", 403, 403],
    ["https://sub.chat.example", 403, 403],
    ["https://evil.example", 403, 403],
    ["http://localhost.evil.example", 403, 403],
    ["null", 403, 403],
    ["", 403, 403],
    ["localhost", 403, 403],
  ] as const
) {
  Deno.test(`Origin: ${origin || "(empty)"} is ${onLoopback} on loopback and ${onPublic} in public (TRN-02)`, async () => {
    assert.equal(await status(local, { origin, host: "localhost:8000" }), onLoopback);
    assert.equal(await status(deployed, { origin, host: "notes.example" }), onPublic);
  });
}

Deno.test("a request without Origin comes from no web page, and passes (TRN-02)", async () => {
  assert.equal(await status(local, {}), 200);
});

Deno.test("a good token opens neither a wrong Host nor a wrong Origin (TRN-02)", async () => {
  const token = await issuer.token();
  assert.equal(await status(local, { origin: "https://evil.example" }, { token }), 403);
  assert.equal(await status(local, { host: "evil.example" }, { token }), 403);
});

Deno.test("a wrong name is told before anything else, on every path but /health and /ready", async () => {
  const headers = { host: "evil.example" };
  for (const path of ["/mcp", "/", "/.well-known/oauth-protected-resource", "/nothing"]) {
    const { status, body } = await ask(local, new Request(new URL(path, RESOURCE), { headers }));
    assert.equal(status, 403, path);
    assert.match(body.error?.message ?? "", /MCP_ALLOWED_HOSTS/);
    assert.equal(body.id, undefined);
  }
  for (const path of ["/health", "/ready"]) {
    assert.equal((await local.request(new Request(new URL(path, RESOURCE), { headers }))).status, 200);
  }
});

Deno.test("a name or port that no URL can have is 400 on every path (TRN-04)", async () => {
  for (
    const url of [
      "http://localhost:99999/mcp",
      "http://localhost:8000:1/mcp",
      "http://[::1/",
      "http://a%ffb/mcp",
    ]
  ) {
    const request = rpc("legacy", "tools/list", {}, { headers: { host: "localhost:8000" } });
    Object.defineProperty(request, "url", { value: url });
    const { status, body } = await ask(local, request);
    assert.equal(status, 400, url);
    assert.match(body.error?.message ?? "", /make no URL/);
  }
});

Deno.test("a wrong Origin is told before token and body are looked at, naming the fix", async () => {
  const request = new Request(RESOURCE, {
    method: "POST",
    headers: { origin: "https://evil.example", authorization: "Bearer x y", "content-type": "text/plain" },
    body: "{",
  });
  const { status, headers, body } = await ask(local, request);
  assert.equal(status, 403);
  assert.match(body.error?.message ?? "", /MCP_ALLOWED_ORIGINS/);
  assert.equal(headers.get("access-control-allow-origin"), null);
});

Deno.test("X-Forwarded-Host replaces neither Host nor Origin (AUTH-30)", async () => {
  assert.equal(await status(local, { host: "evil.example", "x-forwarded-host": "localhost:8000" }), 403);
  assert.equal(await status(local, { "x-forwarded-host": "evil.example" }), 200);
});
