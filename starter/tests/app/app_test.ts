import { createTestServer } from "mcp-app/testing";
import assert from "node:assert/strict";
import app from "../../src/app/mod.ts";

Deno.test("anyone may ask for the time", async () => {
  await using server = await createTestServer(app);
  const { result } = await server.callTool("get_time", { timeZone: "Asia/Tokyo" });
  assert.equal(result.structuredContent?.["timeZone"], "Asia/Tokyo");
});

Deno.test("a profile needs sign-in, and is the caller's own", async () => {
  await using server = await createTestServer(app);
  const refused = await server.callTool("get_profile");
  assert.equal(refused.status, 401);
  assert.match(refused.headers.get("www-authenticate") ?? "", /scope="profile:read"/);

  const token = await server.accessToken({ person: "Ada" });
  const { result } = await server.callTool("get_profile", {}, { token });
  assert.equal(result.structuredContent?.["subject"], "ada");
});
