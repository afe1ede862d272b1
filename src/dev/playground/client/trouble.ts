/// <reference lib="dom" />
import type { PlaygroundConfig } from "../server/playground.ts";
import type { Account } from "./account.ts";
import { createStore, type Store } from "./store.ts";

/** Things that go wrong in production, at the press of a button. */
export interface Trouble {
  /** The authorization server answers nothing. */
  readonly outage: Store<boolean>;
  setOutage(down: boolean): Promise<void>;
  /** The access token is over from now on. */
  expireToken(): Promise<void>;
  /** The authorization server signs with another key. */
  rotateKeys(): Promise<void>;
}

/** Makes trouble by way of the server's development routes; each says in `notice` what to try next. */
export function createTrouble(
  { config, account, notice }: {
    readonly config: PlaygroundConfig;
    readonly account: Account;
    readonly notice: Store<string>;
  },
): Trouble {
  const outage = createStore(config.outage);

  async function send(path: string, body: unknown): Promise<Response> {
    const response = await fetch(`/playground/trouble/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-playground": "1" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The playground refused: ${response.status}.`);
    return response;
  }

  async function attempt(what: () => Promise<string>): Promise<void> {
    notice.set(await what().catch((error) => error instanceof Error ? error.message : String(error)));
  }

  return {
    outage,
    setOutage: (down) =>
      attempt(async () => {
        await send("outage", { down });
        outage.set(down);
        return down
          ? "The authorization server is down. Search works, and so do calls with a token; signing in does not."
          : "The authorization server is back. Whatever failed can be tried again.";
      }),
    expireToken: () =>
      attempt(async () => {
        const person = account.person.get();
        if (!person) return "Nobody is signed in, so there is no token that could expire.";
        const session = { person: person.name, clientId: account.clientId, scopes: person.scopes };
        const { access_token } = await (await send("expired-token", session)).json();
        account.replaceAccessToken(access_token);
        return "The access token has expired. Ask for something: the host refreshes it by itself.";
      }),
    rotateKeys: () =>
      attempt(async () => {
        await send("rotated-keys", {});
        return "New tokens carry a new signature. Old ones stay good until they expire.";
      }),
  };
}
