import assert from "node:assert/strict";
import { createTestServer } from "../support.ts";

const TOKEN = "openai-verification-0123456789";
const PREFIXED = "https://notes.example/apps/notes/mcp";
const deployed = { resource: PREFIXED, allowedHosts: ["notes.example"], loopback: false };
const { server } = await createTestServer({ ...deployed, openaiAppsChallenge: TOKEN });
const { server: withoutToken } = await createTestServer(deployed);
const URL_AT_ROOT = "https://notes.example/.well-known/openai-apps-challenge";

Deno.test("OpenAI's token is plain text at the root of the origin, and nobody keeps it", async () => {
  const response = await server.request(URL_AT_ROOT);
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(await response.text(), TOKEN);
});

Deno.test("without a token for OpenAI there is nothing, and nobody keeps that either", async () => {
  const response = await withoutToken.request(URL_AT_ROOT);
  assert.equal(response.status, 404);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
});

Deno.test("OpenAI's token is not told under a foreign name, and cannot be written (TRN-04)", async () => {
  const foreign = await server.request(URL_AT_ROOT, { headers: { host: "evil.example" } });
  assert.equal(foreign.status, 403);
  const written = await server.request(URL_AT_ROOT, { method: "POST" });
  assert.equal(written.status, 405);
  assert.equal(written.headers.get("allow"), "GET, HEAD");
});
