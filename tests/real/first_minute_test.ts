import assert from "node:assert/strict";
import { answerSignIn } from "../answer_sign_in.ts";
import { shared } from "../shared.ts";
import { toolCall } from "../support.ts";
import { CLIENTS, type McpClient } from "./clients.ts";
import { startFirstMinute } from "./first_minute.ts";
import type { OAuthClient } from "./oauth_client.ts";
import { granted } from "./served.ts";
import { issuerOf, openSession, serveClientDocument, type Session } from "./session.ts";

const ignore = !await granted("net", "run", "read", "write", "env");

/** One start for the clients, each of which registers on its own. */
const server = shared(() => startFirstMinute());

const NOTES = { ada: "Ask Babbage", grace: "Find the moth" };
let notesLeft: Promise<void> | undefined;

/** Leaves a note of each person's, for the clients that do not ask for one more permission. */
async function leaveNotes(resource: string): Promise<void> {
  const { connect } = CLIENTS["the v2 client"]!;
  for (const [person, title] of Object.entries(NOTES)) {
    const call = { name: "add_note", arguments: { title } };
    await using session = await openSession(connect, resource);
    await session.signIn(person, call);
    await session.client.callTool(call);
  }
}

for (const [name, { connect }] of Object.entries(CLIENTS)) {
  Deno.test({
    name: `${name} gets from a bare start to its own person's notes, registered or known by its document`,
    ignore,
    async fn() {
      const { resource } = await server();
      await (notesLeft ??= leaveNotes(resource));
      await using document = serveClientDocument();
      for (const clientId of [undefined, document.clientId]) {
        for (const [person, title] of Object.entries(NOTES)) {
          await using session = await openSession(connect, resource, clientId);
          const { client } = session;
          const { tools } = await client.listTools();
          assert.ok(tools.some(({ name }) => name === "list_notes"));
          assert.equal(await isSignedIn(client), false);
          await session.signIn(person);
          assert.equal(await isSignedIn(client), true);
          assert.deepEqual(await titles(client), [title]);
        }
      }
    },
  });
}

Deno.test({
  name: "every client hears that its person said no, and goes on without them (ASA-15)",
  ignore,
  async fn() {
    const { resource } = await server();
    for (const { connect } of Object.values(CLIENTS)) {
      await using session = await openSession(connect, resource);
      const callback = await answerSignIn(await session.challenge(), { decision: "deny" });
      assert.equal(callback.searchParams.get("error"), "access_denied");
      assert.equal(callback.searchParams.get("iss"), issuerOf(resource));
      await assert.rejects(session.finish(callback));
      assert.equal(session.oauth.grants, 0);
      assert.equal(await isSignedIn(session.client), false);
    }
  },
});

Deno.test({
  name:
    "every client stays signed in over a restart, and refreshes by itself when its token expires (AST-11)",
  ignore,
  async fn() {
    const { resource, restart } = await server();
    await using document = serveClientDocument();
    await using cleanup = new AsyncDisposableStack();
    const sessions: Session[] = [];
    for (const { connect } of Object.values(CLIENTS)) {
      for (const clientId of [undefined, document.clientId]) {
        const session = cleanup.use(await openSession(connect, resource, clientId));
        await session.signIn("ada");
        sessions.push(session);
      }
    }
    const before = await titles(sessions[0]!.client);

    await restart();
    for (const { client, oauth } of sessions) {
      assert.deepEqual(await titles(client), before);
      oauth.saveTokens({ ...oauth.tokens()!, access_token: await expiredToken(resource, oauth) });
      const { grants } = oauth;
      assert.deepEqual(await titles(client), before);
      assert.equal(oauth.grants, grants + 1);
    }
  },
});

/** What the client's access token is once its time is over, which the process's real clock would take minutes to get to. */
async function expiredToken(resource: string, oauth: OAuthClient): Promise<string> {
  const { origin } = new URL(resource);
  const session = { person: "ada", clientId: oauth.clientInformation()?.client_id, scopes: ["notes:read"] };
  const response = await fetch(`${origin}/playground/faults/expired-token`, {
    method: "POST",
    headers: { origin, "x-playground": "1" },
    body: JSON.stringify(session),
  });
  const { access_token: token } = await response.json();
  const refused = await fetch(new Request(resource, toolCall("legacy", "list_notes", {}, { token })));
  assert.match(await refused.text(), /expired/);
  assert.equal(refused.status, 401);
  return token;
}

async function titles(client: McpClient): Promise<string[]> {
  const { structuredContent } = await client.callTool({ name: "list_notes" });
  return (structuredContent as { notes: { title: string }[] }).notes.map(({ title }) => title);
}

async function isSignedIn(client: McpClient): Promise<boolean> {
  const { structuredContent } = await client.callTool({ name: "search_notes" });
  return (structuredContent as { signedIn: boolean }).signedIn;
}
