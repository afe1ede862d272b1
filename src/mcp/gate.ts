import type { Principal } from "../auth/principal.ts";
import { type Access, decide, scopesOf } from "./access.ts";
import type { App } from "./app.ts";
import type { Message } from "./json_rpc.ts";
import type { Refusal } from "./refusal.ts";

interface Target {
  readonly title: string;
  readonly access: Access;
}

/** Decides on everything a request aims at, before anything of it runs; undefined lets it pass. */
export type Gate = (messages: readonly Message[], principal: Principal | undefined) => Refusal | undefined;

/**
 * What a challenge for a missing token asks for: what the call needs, or every scope of the app, for clients that
 * never ask for more later.
 */
export type ChallengeScopes = "needed" | "all";

/**
 * Makes the gate that applies the access policies of an app. A batch is refused as a whole when any element is
 * (AUTH-23), so nothing is done twice when it is sent again after sign-in.
 */
export function createGate(app: App, challengeScopes: ChallengeScopes): Gate {
  return (messages, principal) => gate(messages, principal, app, challengeScopes);
}

function gate(
  messages: readonly Message[],
  principal: Principal | undefined,
  app: App,
  challengeScopes: ChallengeScopes,
): Refusal | undefined {
  const refused = messages.flatMap((message) => targetOf(message, app) ?? [])
    .filter(({ access }) => decide(access, principal).kind !== "allow");
  const first = refused[0];
  if (!first) return undefined;
  const needed = refused.flatMap(({ access }) => scopesOf(access));
  if (!principal) {
    return signIn(first.title, challengeScopes === "all" ? Object.keys(app.scopes) : unique(needed));
  }
  // Clients of the legacy era ask for what the challenge names and nothing else, and would lose what they have (AUTH-13).
  const held = messages.some(({ modern }) => modern)
    ? []
    : Object.keys(app.scopes).filter((scope) => principal.scopes.has(scope));
  return moreScope(first.title, unique(needed), unique([...held, ...needed]));
}

/** The refusal for want of a token; also that of a whole server that asks everyone to sign in (MIX-06). */
export function signIn(title: string, scopes: readonly string[]): Refusal {
  const description = `Sign in to use "${title}".`;
  return {
    status: 401,
    text: `${description} Nothing was done. Connect your account, then ask again.`,
    challenge: {
      header: { scopes },
      hint: { error: "invalid_token", error_description: description, scopes },
    },
  };
}

function moreScope(title: string, needed: readonly string[], scopes: readonly string[]): Refusal {
  const description = `"${title}" needs a permission that this connection does not have: ${needed.join(" ")}`;
  const params = { error: "insufficient_scope", error_description: description, scopes } as const;
  return {
    status: 403,
    text:
      `${description}. Nothing was done. Allow it when asked, or disconnect and connect again, then repeat this.`,
    challenge: { header: params, hint: params },
  };
}

/** Unknown tools and resources have no policy; dispatch answers that they do not exist. */
function targetOf({ method, params }: Message, app: App): Target | undefined {
  if (method === "tools/call") return app.tools.find(({ name }) => name === params["name"]);
  if (method !== "resources/read") return undefined;
  const uri = params["uri"];
  const resource = typeof uri === "string" && app.resources.find((candidate) => candidate.matches(uri));
  return resource ? { title: resource.descriptor.name, access: resource.access } : undefined;
}

function unique(scopes: readonly string[]): string[] {
  return [...new Set(scopes)];
}
