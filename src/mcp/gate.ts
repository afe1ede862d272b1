import type { ChallengeParams } from "../auth/challenge.ts";
import type { Principal } from "../auth/verify.ts";
import { type Access, decide, scopesOf } from "./access.ts";
import type { App } from "./app.ts";
import type { Message } from "./message.ts";

/** Why a request is refused, in every form that a host may read. */
export interface Refusal {
  readonly status: 400 | 401 | 403;
  /** For the `WWW-Authenticate` header. */
  readonly challenge: ChallengeParams;
  /** For `mcp/www_authenticate`, which needs an error and a description even when no token was sent (conflict C2). */
  readonly hint: ChallengeParams;
  /** A sentence for the model. */
  readonly text: string;
}

interface Target {
  readonly title: string;
  readonly access: Access;
}

/**
 * Applies the access policies of everything a request aims at, before anything of it runs. A batch is refused as
 * a whole when any element is (AUTH-23), so nothing is done twice when it is sent again after sign-in.
 */
export function gate(
  messages: readonly Message[],
  principal: Principal | undefined,
  app: App,
): Refusal | undefined {
  const refused = messages.flatMap((message) => targetOf(message, app) ?? [])
    .filter(({ access }) => decide(access, principal).kind !== "allow");
  const first = refused[0];
  if (!first) return undefined;
  const scopes = [...new Set(refused.flatMap(({ access }) => scopesOf(access)))];
  return principal ? moreScope(first.title, scopes) : signIn(first.title, scopes);
}

/** The refusal of a whole server that asks everyone to sign in (MIX-06). */
export function signIn(title: string, scopes: readonly string[]): Refusal {
  const description = `Sign in to use "${title}".`;
  return {
    status: 401,
    challenge: { scopes },
    hint: { error: "invalid_token", error_description: description, scopes },
    text: `${description} Nothing was done. Connect your account, then ask again.`,
  };
}

function moreScope(title: string, scopes: readonly string[]): Refusal {
  const description = `"${title}" needs a permission that you have not given yet: ${scopes.join(" ")}`;
  const challenge = { error: "insufficient_scope", error_description: description, scopes } as const;
  return {
    status: 403,
    challenge,
    hint: challenge,
    text: `${description}. Nothing was done. Allow it, then ask again.`,
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
