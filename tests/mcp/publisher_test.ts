import assert from "node:assert/strict";
import { ask, createTestServer, ERAS, rpc } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

const app = tinyApp([tool("any", () => ({ data: { answer: "yes" }, text: "Yes." }))]);
const METADATA = "/.well-known/oauth-protected-resource/mcp";
const publisher = {
  website: "https://tiny.example/",
  privacy: "https://tiny.example/privacy",
  terms: "https://tiny.example/terms",
  support: "https://tiny.example/help",
};

for (const era of ERAS) {
  Deno.test(`${era}: clients are told the publisher's website`, async () => {
    const { server } = await createTestServer({ app: { ...app, publisher } });
    const opening = era === "modern" ? rpc(era, "server/discover") : rpc(era, "initialize", {
      ...{ protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
    });
    const { body, text } = await ask(server, opening);
    assert.ok(body.result, text);
    assert.match(text, /"websiteUrl":"https:\/\/tiny\.example\/"/);
  });
}

Deno.test("the publisher's pages stand in the metadata of the resource, each only where it is declared (PRM-10)", async () => {
  const { server } = await createTestServer({ app: { ...app, publisher } });
  assert.partialDeepStrictEqual(await (await server.request(METADATA)).json(), {
    resource_documentation: publisher.support,
    resource_policy_uri: publisher.privacy,
    resource_tos_uri: publisher.terms,
  });
  const { server: bare } = await createTestServer({ app: { ...app, publisher: { terms: publisher.terms } } });
  const members = Object.keys(await (await bare.request(METADATA)).json());
  assert.deepEqual(members.filter((name) => /_uri$|documentation$/.test(name)), ["resource_tos_uri"]);
});

Deno.test("a publisher's page that is no https URL ends the start in words", async () => {
  for (const privacy of ["http://tiny.example/", "/privacy", "https://"]) {
    await assert.rejects(createTestServer({ app: { ...app, publisher: { privacy } } }), {
      message: `Cannot use "${privacy}" as the publisher's privacy: write an https URL.`,
    });
  }
});
