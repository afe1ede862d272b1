/** One sign-in, over three authorization servers of different authors. */
import assert from "node:assert/strict";
import { answerSignIn } from "../answer_sign_in.ts";
import { shared } from "../shared.ts";
import { hasBetterAuth, startBetterAuth } from "./better_auth.ts";
import { signIn } from "./browser.ts";
import { type CallParams, CLIENTS, type Connect } from "./clients.ts";
import { startFirstMinute } from "./first_minute.ts";
import { OAuthClient } from "./oauth_client.ts";
import { startOidcProvider } from "./oidc_provider.ts";
import { granted, serve } from "./served.ts";
import { issuerOf } from "./session.ts";

const ignore = !await granted("net", "run", "read", "write", "env");

const PEOPLE = ["ada", "grace"];

/** The app of notes, protected by an authorization server. */
interface Protected extends AsyncDisposable {
  readonly resource: string;
  readonly issuer: string;
}

interface Issuer {
  /** Where it cannot be had, there is nothing to test. */
  readonly missing?: boolean;
  readonly start: () => Promise<Protected>;
  /** What a person does in the browser; returns what the redirect back to the client says. */
  readonly signIn: (url: URL, person: string) => Promise<URLSearchParams>;
}

const ISSUERS: Readonly<Record<string, Issuer>> = {
  "the development authorization server": {
    async start() {
      const server = await startFirstMinute();
      const { resource } = server;
      return {
        resource,
        issuer: issuerOf(resource),
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
    signIn: async (url, person) => (await answerSignIn(url, { person })).searchParams,
  },
  "oidc-provider": { start: () => protect(startOidcProvider), signIn },
  "an app whose login is better-auth": {
    missing: !ignore && !await hasBetterAuth(),
    start: () => protect((resource) => startBetterAuth(resource, PEOPLE)),
    signIn,
  },
};

async function protect(
  start: (resource: string) => Promise<AsyncDisposable & { readonly issuer: string }>,
): Promise<Protected> {
  const opened = new AsyncDisposableStack();
  let issuer = "";
  const { resource } = opened.use(
    await serve(async (resource) => ({ issuer } = opened.use(await start(resource))).issuer),
  );
  return { resource, issuer, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

for (const [whose, { missing = false, start, signIn }] of Object.entries(ISSUERS)) {
  const server = shared(start);

  /** Makes a call that needs a person, signs one in as the challenge asks, and hands on the client that has a token. */
  const session = async (connect: Connect, person: string, call: CallParams, scope: string) => {
    const { resource, issuer } = await server();
    const oauth = new OAuthClient();
    const connection = await connect(resource, { oauth });
    await assert.rejects(connection.client.callTool(call), /Unauthorized/);
    const url = oauth.authorizationUrl;
    assert.ok(url);
    assert.equal(url.origin, new URL(issuer).origin);
    assert.equal(url.searchParams.get("resource"), resource);
    assert.equal(url.searchParams.get("code_challenge_method"), "S256");
    assert.ok(url.searchParams.get("scope")?.split(" ").includes(scope));
    await connection.finishAuth(await signIn(url, person));
    return connection;
  };

  for (const [name, { connect }] of Object.entries(CLIENTS)) {
    Deno.test({
      name: `${name} signs two people in with ${whose}, and each finds their own notes and no others`,
      ignore: ignore || missing,
      async fn() {
        for (const person of PEOPLE) {
          const add = { name: "add_note", arguments: { title: `${person}: ${name}` } };
          await using writer = await session(connect, person, add, "notes:write");
          assert.ok(!(await writer.client.callTool(add))["isError"]);
        }
        for (const person of PEOPLE) {
          const list = { name: "list_notes" };
          await using reader = await session(connect, person, list, "notes:read");
          for (let call = 0; call < 2; call++) {
            const { structuredContent } = await reader.client.callTool(list);
            const { notes } = structuredContent as { readonly notes: readonly { readonly title: string }[] };
            assert.ok(notes.some(({ title }) => title === `${person}: ${name}`));
            assert.ok(notes.every(({ title }) => title.startsWith(`${person}: `)));
          }
        }
      },
    });
  }
}
