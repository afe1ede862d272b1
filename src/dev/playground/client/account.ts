import { auth, computeScopeUnion } from "@modelcontextprotocol/client";
import type { Challenge } from "./challenge.ts";
import { OAuthState } from "./oauth_state.ts";
import type { SignInWindow } from "./sign_in_window.ts";
import { createStore, type Store } from "./store.ts";

/** The person who is signed in. */
export interface Person {
  readonly name: string;
  readonly scopes: readonly string[];
}

/** What a host keeps about its person at one server. */
export interface Account {
  readonly person: Store<Person | undefined>;
  /** The authorization URL, while sign-in waits for a person whose browser opened no window. */
  readonly link: Store<URL | undefined>;
  readonly clientId: string | undefined;
  accessToken(): string | undefined;
  /** Gets new tokens with the refresh token. False when the person has to sign in again. */
  refresh(challenge: Challenge): Promise<boolean>;
  /** Runs the authorization code flow in an open window. Rejects with a sentence for the person. */
  signIn(window: SignInWindow, challenge?: Challenge): Promise<void>;
  /** Revokes the grant at the authorization server (RFC 7009) and forgets the tokens. */
  signOut(): Promise<void>;
  /** Replaces the access token and nothing else. */
  replaceAccessToken(token: string): void;
}

/** Scopes besides those that a tool needs, so that the page can say who is signed in. */
const IDENTITY = "openid profile";

/** An account with nobody signed in. */
export function createAccount(
  { serverUrl, redirectUrl, clientName, fetch }: {
    readonly serverUrl: string;
    readonly redirectUrl: string;
    readonly clientName: string;
    readonly fetch: typeof globalThis.fetch;
  },
): Account {
  const state = new OAuthState(redirectUrl, clientName);
  const person = createStore<Person | undefined>(undefined);
  const link = createStore<URL | undefined>(undefined);
  const where = (challenge?: Challenge) => ({
    serverUrl,
    fetchFn: fetch,
    ...(challenge?.resourceMetadataUrl && { resourceMetadataUrl: challenge.resourceMetadataUrl }),
  });

  async function askPerson(window: SignInWindow, challenge?: Challenge): Promise<URLSearchParams> {
    const scope = computeScopeUnion(state.current?.scope, challenge?.scope, IDENTITY) ?? IDENTITY;
    // The server may name another authorization server since the last time.
    state.invalidateCredentials("discovery");
    await auth(state, { ...where(challenge), scope, forceReauthorization: true });
    if (!state.authorizationUrl) throw new Error("The authorization server offers no sign-in page.");
    if (window.blocked) link.set(state.authorizationUrl);
    window.go(state.authorizationUrl);
    const answer = await window.answer;
    if (answer.has("error")) {
      throw new Error(answer.get("error_description") ?? `Sign-in ended with ${answer.get("error")}.`);
    }
    return answer;
  }

  /** From the metadata; an authorization server need not have either. */
  function endpoint(name: "userinfo_endpoint" | "revocation_endpoint"): string | undefined {
    const metadata: Record<string, unknown> = { ...state.discovery?.authorizationServerMetadata };
    const url = metadata[name];
    return typeof url === "string" ? url : undefined;
  }

  async function identify(): Promise<void> {
    const url = endpoint("userinfo_endpoint");
    const headers = { authorization: `Bearer ${state.current?.access_token}` };
    const answer = url === undefined ? undefined : await fetch(url, { headers });
    const claims = answer?.ok ? await answer.json() : {};
    const scopes = state.current?.scope?.split(" ") ?? [];
    person.set({ name: String(claims.name ?? claims.sub ?? "Someone"), scopes });
  }

  return {
    person,
    link,
    get clientId() {
      return state.registration?.client_id;
    },
    accessToken: () => state.current?.access_token,
    async refresh(challenge) {
      if (!state.current?.refresh_token) return false;
      const outcome = await auth(state, where(challenge));
      if (outcome !== "AUTHORIZED") person.set(undefined);
      return outcome === "AUTHORIZED";
    },
    async signIn(window, challenge) {
      try {
        const answer = await askPerson(window, challenge);
        const iss = answer.get("iss");
        const authorizationCode = answer.get("code") ?? "";
        await auth(state, { ...where(challenge), authorizationCode, ...(iss !== null && { iss }) });
        await identify();
      } finally {
        link.set(undefined);
        window.close();
      }
    },
    async signOut() {
      const url = endpoint("revocation_endpoint");
      const token = state.current?.refresh_token ?? state.current?.access_token;
      state.invalidateCredentials("tokens");
      person.set(undefined);
      if (url === undefined || token === undefined || !state.registration) return;
      await fetch(url, {
        method: "POST",
        body: new URLSearchParams({ token, client_id: state.registration.client_id }),
      });
    },
    replaceAccessToken(token) {
      if (state.current) state.current = { ...state.current, access_token: token };
    },
  };
}
