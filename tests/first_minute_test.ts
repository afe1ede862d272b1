import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import assert from "node:assert/strict";
import { createInProcessFetch } from "../src/dev/issuer/in_process_fetch.ts";
import { createDevIssuer, type DevIssuerOptions } from "../src/dev/issuer/issuer.ts";
import { answerSignIn } from "./answer_sign_in.ts";
import { CLIENT_ID, internet } from "./dev/internet.ts";
import { createClock, ISSUER } from "./dev/dev_issuer.ts";
import { OAuthClient } from "./real/oauth_client.ts";
import { ask, createTestServer, RESOURCE, toolCall } from "./support.ts";

/** What a start without configuration serves, in this process: MCP and its authorization server on one origin. */
async function firstMinute(options: Partial<DevIssuerOptions> = {}) {
  const { now, pass } = createClock();
  const scopes = { "notes:read": "See your notes", "notes:write": "Add notes for you" };
  const issuer = await createDevIssuer({ issuer: ISSUER, resource: RESOURCE, scopes, now, ...options });
  const { server } = await createTestServer({
    issuers: [issuer.issuer],
    fetch: issuer.fetch,
    routes: issuer.app,
    now,
  });
  const { origin } = new URL(RESOURCE);
  return { server, issuer, pass, fetch: createInProcessFetch(origin, (request) => server.fetch(request)) };
}

Deno.test("a tool is tested as a person of one's choice, without network, permission or sign-in", async () => {
  const { server, issuer } = await firstMinute();
  const seen: unknown[] = [];
  for (const person of ["Ada", "Grace"]) {
    const token = await issuer.accessToken({ person });
    const title = `Written by ${person}`;
    assert.equal((await ask(server, toolCall("legacy", "add_note", { title }, { token }))).status, 200);
    const { body } = await ask(server, toolCall("legacy", "list_notes", { limit: 3 }, { token }));
    const { notes } = body.result?.structuredContent as { notes: { title: string }[] };
    seen.push(notes.map(({ title }) => title));
  }
  assert.deepEqual(seen, [["Written by Ada"], ["Written by Grace"]]);

  const token = await issuer.accessToken({ scopes: [] });
  assert.equal((await ask(server, toolCall("legacy", "list_notes", {}, { token }))).status, 403);
  issuer.faults.expired = true;
  const expired = await issuer.accessToken();
  assert.equal(
    (await ask(server, toolCall("legacy", "list_notes", {}, { token: expired }))).status,
    401,
  );
});

Deno.test("a client that registers signs in, and refreshes by itself when its token expires (AST-10)", async () => {
  await signInAndRefresh(await firstMinute(), new OAuthClient());
});

Deno.test("a client that is known by its document signs in, and refreshes by itself, too (CIMD-01)", async () => {
  const oauth = Object.assign(new OAuthClient(), { clientMetadataUrl: CLIENT_ID });
  const { options } = internet({ [CLIENT_ID]: { client_id: CLIENT_ID, ...oauth.clientMetadata } });
  await signInAndRefresh(await firstMinute({ ...options, advertiseClientDocuments: true }), oauth);
  assert.equal(oauth.clientInformation()?.client_id, CLIENT_ID);
});

/** The official client and its own auth code, from connecting to the notes of Ada after her token has expired. */
async function signInAndRefresh(
  { server, issuer, fetch, pass }: Awaited<ReturnType<typeof firstMinute>>,
  oauth: OAuthClient,
): Promise<void> {
  const title = "Ask Babbage";
  const token = await issuer.accessToken({ person: "Ada" });
  assert.equal((await ask(server, toolCall("legacy", "add_note", { title }, { token }))).status, 200);
  const transport = new StreamableHTTPClientTransport(new URL(RESOURCE), { authProvider: oauth, fetch });
  const client = new Client({ name: "first-minute", version: "1.0.0" });
  await client.connect(transport);
  const call = async (name: string) => (await client.callTool({ name })).structuredContent;
  assert.ok((await client.listTools()).tools.some(({ name }) => name === "list_notes"));
  assert.partialDeepStrictEqual(await call("search_notes"), { signedIn: false });

  await assert.rejects(call("list_notes"), /Unauthorized/);
  assert.ok(oauth.authorizationUrl);
  const callback = await answerSignIn(oauth.authorizationUrl, { person: "ada" }, fetch);
  await transport.finishAuth(callback.searchParams);
  const notes = await call("list_notes");
  assert.partialDeepStrictEqual(notes, { notes: [{ title }] });
  assert.partialDeepStrictEqual(await call("search_notes"), { signedIn: true });
  assert.equal(oauth.grants, 1);

  pass(700);
  assert.deepEqual(await call("list_notes"), notes);
  assert.equal(oauth.grants, 2);
  await client.close();
}
