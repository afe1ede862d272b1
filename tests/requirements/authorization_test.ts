import { decodeJwt } from "@panva/jose";
import assert from "node:assert/strict";
import { signedIn } from "../../src/mcp/access.ts";
import { codeFor, redeem, tokensOf } from "../dev/flow.ts";
import { createClock, devIssuer, register } from "../dev/dev_issuer.ts";
import { ask, createTestServer, ERAS, RESOURCE, toolCall } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

const { now } = createClock();
const scopes = { "notes:read": "Read your notes" };
const issuer = await devIssuer({ now, scopes });
const whoami = tool(
  "whoami",
  (_, { caller }) => ({ data: { answer: caller?.subject ?? "nobody" }, text: "you" }),
  signedIn("notes:read"),
);
const { server } = await createTestServer({
  app: tinyApp([whoami]),
  issuers: [issuer.issuer],
  fetch: issuer.fetch,
  now,
});

Deno.test("the resource of the metadata, sent as it stands, gives a token that opens it (OAI-03, OAI-04, AS-02, AST-05)", async () => {
  const metadata = await (await server.request(new URL("/.well-known/oauth-protected-resource", RESOURCE)))
    .json() as { resource: string; authorization_servers: string[] };
  assert.deepEqual(metadata.authorization_servers, [issuer.issuer]);
  const { resource } = metadata;
  const { client_id } = await register(issuer);
  const code = await codeFor(issuer, client_id, { asked: { resource, scope: "notes:read" } });
  const { access_token } = await tokensOf(await redeem(issuer, client_id, code, { resource }));
  assert.partialDeepStrictEqual(decodeJwt(access_token), { aud: resource, iss: issuer.issuer });
  for (const era of ERAS) {
    const { status, body } = await ask(server, toolCall(era, "whoami", {}, { token: access_token }));
    assert.equal(status, 200);
    assert.equal(body.result?.structuredContent?.["answer"], "ada");
  }
});

Deno.test("a resource in capitals, as far as they do not matter, is the same one (PRM-13)", async () => {
  const { client_id } = await register(issuer);
  const resource = RESOURCE.replace("http://localhost", "HTTP://LOCALHOST");
  const code = await codeFor(issuer, client_id, { asked: { resource, scope: "notes:read" } });
  const { access_token } = await tokensOf(await redeem(issuer, client_id, code, { resource }));
  assert.equal(decodeJwt(access_token).aud, RESOURCE);
});
