import assert from "node:assert/strict";
import { ask, toolCall } from "../support.ts";
import { createDevelopmentServer, PAGE, SANDBOX } from "./in_process.ts";

const ALLOWED = { origin: PAGE, "x-playground": "1" };

async function createFaults() {
  const { server, issuer } = await createDevelopmentServer();
  const post = async (path: string, body: string, headers: Record<string, string> = ALLOWED) =>
    await server.request(`${PAGE}/playground/faults/${path}`, { method: "POST", headers, body });
  return { server, issuer, post };
}

Deno.test("a fault needs the page's origin and header, so no other page can cause any", async () => {
  const { issuer, post } = await createFaults();
  const strangers: Record<string, string>[] = [
    {},
    { origin: PAGE },
    { "x-playground": "1" },
    ...["https://evil.example", SANDBOX, "null"].map((origin) => ({ ...ALLOWED, origin })),
  ];
  for (const headers of strangers) {
    for (const path of ["outage", "rotated-keys", "expired-token"]) {
      assert.equal((await post(path, '{"down":true}', headers)).status, 403, JSON.stringify(headers));
    }
    assert.equal(issuer.faults.discoveryDown, false);
  }
  assert.equal((await post("outage", '{"down":true}')).status, 204);
  assert.equal(issuer.faults.discoveryDown, true);
});

Deno.test("the fault routes answer invalid bodies with 400 and a reason", async () => {
  const { post } = await createFaults();
  for (const path of ["outage", "expired-token"]) {
    for (const body of ["", "{", "[]", '{"down":"yes","person":7}']) {
      const response = await post(path, body);
      assert.equal(response.status, 400, `${path} ${body}`);
      assert.ok((await response.json()).error);
    }
  }
  const nobody = await post("expired-token", '{"person":" ","clientId":"c","scopes":[]}');
  assert.equal(nobody.status, 400);
});

Deno.test("an outage silences every route of the authorization server until it ends", async () => {
  const { server, post } = await createFaults();
  const paths = ["/auth/authorize", "/auth/jwks.json", "/.well-known/oauth-authorization-server/auth"];
  await post("outage", '{"down":true}');
  for (const path of paths) assert.equal((await server.request(PAGE + path)).status, 503, path);
  await post("outage", '{"down":false}');
  for (const path of paths) assert.notEqual((await server.request(PAGE + path)).status, 503, path);
});

Deno.test("rotated keys leave the old ones published while their tokens live", async () => {
  const { server, post } = await createFaults();
  const published = async () => (await (await server.request(`${PAGE}/auth/jwks.json`)).json()).keys.length;
  assert.equal(await published(), 1);
  assert.equal((await post("rotated-keys", "{}")).status, 204);
  assert.equal(await published(), 2);
});

Deno.test("the expired token is one that the server refuses because it has expired", async () => {
  const { server, issuer, post } = await createFaults();
  const good = await issuer.accessToken({ person: "Ada", scopes: ["notes:read"] });
  const answered = await ask(server, toolCall("legacy", "list_notes", {}, { token: good }));
  assert.equal(answered.status, 200);
  const session = { person: "Ada", clientId: "c", scopes: ["notes:read"] };
  const { access_token: token } = await (await post("expired-token", JSON.stringify(session))).json();
  const refused = await ask(server, toolCall("legacy", "list_notes", {}, { token }));
  assert.equal(refused.status, 401);
  assert.match(refused.headers.get("www-authenticate") ?? "", /error="invalid_token".*expired/);
});
