import assert from "node:assert/strict";
import { createTestServer, toolCall } from "../support.ts";

async function challengeOf(era: "legacy" | "modern", scope: string): Promise<string> {
  const { server, issuer } = await createTestServer();
  const token = await issuer.token({ scope });
  const response = await server.request(toolCall(era, "reorder_pizza", { orderId: "x" }, { token }));
  assert.equal(response.status, 403);
  return /scope="([^"]*)"/.exec(response.headers.get("www-authenticate") ?? "")?.[1] ?? "";
}

Deno.test("a step-up of the legacy era names what the caller holds as well, or its client would lose that (AUTH-13)", async () => {
  assert.equal(await challengeOf("legacy", "orders:read"), "orders:read orders:write");
});

Deno.test("a step-up never names scopes that are not this server's", async () => {
  assert.equal(await challengeOf("legacy", "openid email"), "orders:write");
});

Deno.test("a step-up of the modern era names what the operation needs; the client adds it up (AUTH-13)", async () => {
  assert.equal(await challengeOf("modern", "orders:read"), "orders:write");
});
