import assert from "node:assert/strict";
import { answerSignIn } from "../answer_sign_in.ts";
import type { Connect, Connection } from "./clients.ts";
import { OAuthClient } from "./oauth_client.ts";

/** A connected client, and the OAuth state of its one person. */
export interface Session extends AsyncDisposable {
  readonly client: Connection["client"];
  readonly oauth: OAuthClient;
  /** Has the client call a tool that needs a person, to list notes if not said otherwise; returns where it sends that person. */
  challenge(call?: ToolCall): Promise<URL>;
  /** Hands the client what came back by way of the browser. */
  finish(callback: URL): Promise<void>;
  /** All of it, as one of the demo people. */
  signIn(person: string, call?: ToolCall): Promise<void>;
}

type ToolCall = Parameters<Connection["client"]["callTool"]>[0];

/**
 * Connects a client to a server that brings its own authorization server.
 *
 * @param clientId URL of the client's metadata document; without one it registers.
 */
export async function openSession(connect: Connect, resource: string, clientId?: string): Promise<Session> {
  const oauth = new OAuthClient();
  if (clientId !== undefined) {
    oauth.saveClientInformation({ client_id: clientId, issuer: issuerOf(resource) });
  }
  const { client, finishAuth, ...connection } = await connect(resource, { oauth });

  async function challenge(call: ToolCall = { name: "list_notes" }): Promise<URL> {
    await assert.rejects(client.callTool(call), /Unauthorized/);
    assert.ok(oauth.authorizationUrl);
    return oauth.authorizationUrl;
  }
  const finish = (callback: URL) => finishAuth(callback.searchParams);

  return {
    client,
    oauth,
    challenge,
    finish,
    signIn: async (person, call) => await finish(await answerSignIn(await challenge(call), { person })),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

/** The issuer that a server without configuration is to itself. */
export function issuerOf(resource: string): string {
  return new URL("/auth", resource).href;
}

/** Serves a document that describes the client, on loopback as for a client under development (CIMD-06). */
export function serveClientDocument(): AsyncDisposable & { readonly clientId: string } {
  const listener = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    ({ url }) => Response.json({ client_id: url, ...new OAuthClient().clientMetadata }),
  );
  return {
    clientId: `http://127.0.0.1:${listener.addr.port}/client.json`,
    [Symbol.asyncDispose]: () => listener.shutdown(),
  };
}
