import assert from "node:assert/strict";
import { logged } from "../log_records.ts";
import { ask, createTestServer, ERAS, rpc, toolCall } from "../support.ts";

async function challengeOf(era: "legacy" | "modern", scope: string): Promise<string> {
  const { server, issuer } = await createTestServer();
  const token = await issuer.token({ scope });
  const response = await server.request(toolCall(era, "add_note", { title: "x" }, { token }));
  assert.equal(response.status, 403);
  return /scope="([^"]*)"/.exec(response.headers.get("www-authenticate") ?? "")?.[1] ?? "";
}

Deno.test("a step-up of the legacy era names what the caller holds as well, or its client would lose that (AUTH-13)", async () => {
  assert.equal(await challengeOf("legacy", "notes:read"), "notes:read notes:write");
});

Deno.test("a step-up never names scopes that are not this server's", async () => {
  assert.equal(await challengeOf("legacy", "openid email"), "notes:write");
});

Deno.test("a step-up of the modern era names what the operation needs; the client adds it up (AUTH-13)", async () => {
  assert.equal(await challengeOf("modern", "notes:read"), "notes:write");
});

for (const era of ERAS) {
  Deno.test(`CHALLENGE_SCOPES=all asks for every scope at the first sign-in, ${era}`, async () => {
    const { server } = await createTestServer({ challengeScopes: "all" });
    const { headers, body } = await ask(server, toolCall(era, "list_notes"));
    assert.match(headers.get("www-authenticate") ?? "", /scope="notes:read notes:write"/);
    assert.match(JSON.stringify(body.result?._meta), /notes:read notes:write/);
  });

  Deno.test(`CHALLENGE_SCOPES=all changes nothing for open calls and for step-up, ${era}`, async () => {
    const { server, issuer } = await createTestServer({ challengeScopes: "all" });
    assert.equal((await ask(server, rpc(era, "tools/list"))).status, 200);
    const token = await issuer.token({ scope: "profile" });
    const { status, headers } = await ask(server, toolCall(era, "list_notes", {}, { token }));
    assert.equal(status, 403);
    assert.match(headers.get("www-authenticate") ?? "", /scope="notes:read"/);
  });

  Deno.test(`a 403 says that connecting again helps, and blames nobody, ${era}`, async () => {
    const { server, issuer } = await createTestServer();
    const token = await issuer.token({ scope: "profile" });
    const { body } = await ask(server, toolCall(era, "list_notes", {}, { token }));
    const text = body.result?.content?.[0]?.text ?? "";
    assert.match(text, /notes:read\. Nothing was done\. .*disconnect and connect again/);
    assert.doesNotMatch(text, /you have not/);
  });

  Deno.test(`the log of a 403 names the scopes and the claims of the token, and no other value, ${era}`, async () => {
    const { server, issuer } = await createTestServer();
    const token = await issuer.token({
      scope: "profile",
      permissions: ["notes:read", "billing:read"],
      email: "ada@mail.test",
    });
    const records = await logged(async () => {
      await ask(server, toolCall(era, "list_notes", {}, { token }));
    });
    const [record, ...more] = records.filter(({ properties }) => "claims" in properties);
    assert.equal(more.length, 0);
    assert.equal(record?.properties["scopes"], "profile");
    assert.equal(record?.properties["client"], "test-client");
    assert.match(String(record?.properties["claims"]), /\bpermissions\b/);
    assert.doesNotMatch(JSON.stringify(record?.properties), /ada|mail\.test|billing/);
  });
}
