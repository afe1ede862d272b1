import type { PlaygroundConfig } from "../server/shell.ts";
import type { Account } from "./account.ts";
import { errorMessage } from "./error_message.ts";
import { createStore, type Store } from "./store.ts";

/** Faults that happen in production, at the press of a button. */
export interface Faults {
  /** Whether the authorization server is switched off. */
  readonly outage: Store<boolean>;
  setOutage(down: boolean): Promise<void>;
  /** Replaces the access token by one that has expired. */
  expireToken(): Promise<void>;
  /** Makes the authorization server sign with a new key. */
  rotateKeys(): Promise<void>;
}

/** Uses the server's development routes; each fault says in `notice` what to try next. */
export function createFaults(
  { config, account, notice }: {
    readonly config: PlaygroundConfig;
    readonly account: Account;
    readonly notice: Store<string>;
  },
): Faults {
  const outage = createStore(config.outage);

  async function send(path: string, body: unknown): Promise<Response> {
    const response = await fetch(`/playground/faults/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-playground": "1" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The playground refused: ${response.status}.`);
    return response;
  }

  async function attempt(action: () => Promise<string>): Promise<void> {
    notice.set(await action().catch(errorMessage));
  }

  return {
    outage,
    setOutage: (down) =>
      attempt(async () => {
        await send("outage", { down });
        outage.set(down);
        return down
          ? "The authorization server is down. Open tools and calls with a known token still work; signing in does not."
          : "The authorization server is back. Try again whatever failed.";
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
        return "New tokens are signed with a new key. Old ones stay valid until they expire.";
      }),
  };
}
