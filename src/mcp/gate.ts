import type { Principal } from "../auth/principal.ts";
import { shown } from "../net/shown.ts";
import { type Access, scopesOf } from "./access.ts";
import type { App } from "./app.ts";
import { isObject, type Message } from "./json_rpc.ts";
import type { Prompt } from "./prompt.ts";
import type { Refusal } from "./refusal.ts";
import type { Resource } from "./resource.ts";
import type { Tool } from "./tool.ts";

/** What a message aims at, and as whom it may: the caller is left out where the policy does not tell who calls. */
export interface Admitted {
  readonly tool?: Tool;
  readonly resource?: Resource;
  readonly prompt?: Prompt;
  readonly caller: Principal | undefined;
}

/** What the policies say to the messages of a request; a message that aims at nothing known has no entry. */
export type Admission =
  | { readonly refusal: Refusal; readonly admitted?: undefined }
  /** By what {@linkcode targetOf} says of the message. */
  | { readonly refusal?: undefined; readonly admitted: ReadonlyMap<string, Admitted> };

/** Scopes and claims of a token that the log names. */
const MAX_LOGGED = 50;
/** Longer URIs are not matched: nothing can be at them. */
const MAX_URI_LENGTH = 2_048;

/**
 * What a message aims at: a kind of thing, and its name or address; undefined for nothing. Who completes an argument
 * aims at what has it.
 */
export function targetOf(method: string | undefined, params: Message["params"]): string | undefined {
  switch (method) {
    case "tools/call":
      return keyOf("tool", params["name"]);
    case "resources/read":
      return keyOf("resource", params["uri"]);
    case "prompts/get":
      return keyOf("prompt", params["name"]);
    case "completion/complete": {
      const { type, name, uri } = isObject(params["ref"]) ? params["ref"] : {};
      return type === "ref/prompt" ? keyOf("prompt", name) : keyOf("address", uri);
    }
    default:
      return undefined;
  }
}

function keyOf(kind: string, name: unknown): string | undefined {
  return typeof name === "string" ? `${kind} ${name}` : undefined;
}

/** Decides on everything a request aims at, before anything of it runs. */
export type Gate = (messages: readonly Message[], principal: Principal | undefined) => Admission;

/**
 * What a challenge for a missing token asks for: what the call needs, or every scope of the app, for clients that
 * never ask for more later.
 */
export type ChallengeScopes = "needed" | "all";

/**
 * Makes the gate that applies the access policies of an app. A batch is refused as a whole when any element is
 * (AUTH-23), so nothing is done twice when it is sent again after sign-in. Unknown targets have no policy; dispatch
 * answers that they do not exist.
 */
export function createGate(app: App, challengeScopes: ChallengeScopes): Gate {
  const known = new Map<string, Omit<Admitted, "caller">>([
    ...app.tools.map((tool) => [`tool ${tool.name}`, { tool }] as const),
    ...app.prompts.map((prompt) => [`prompt ${prompt.name}`, { prompt }] as const),
    ...app.resources.flatMap((resource) => {
      const { uri, uriTemplate } = resource.descriptor;
      const address = [`address ${uri ?? uriTemplate}`, { resource }] as const;
      return uri === undefined ? [address] : [address, [`resource ${uri}`, { resource }] as const];
    }),
  ]);

  function find(key: string): Omit<Admitted, "caller"> | undefined {
    const found = known.get(key);
    if (found || !key.startsWith("resource ")) return found;
    const uri = key.slice("resource ".length);
    if (uri.length > MAX_URI_LENGTH) return undefined;
    const resource = app.resources.find((resource) => resource.matches(uri));
    return resource && { resource };
  }

  return (messages, principal) => {
    const admitted = new Map<string, Admitted>();
    const refused: { readonly title: string; readonly scopes: readonly string[] }[] = [];
    for (const { method, params } of messages) {
      const key = targetOf(method, params);
      const found = key === undefined ? undefined : find(key);
      const target = found?.tool ?? found?.resource ?? found?.prompt;
      if (key === undefined || !target) continue;
      const decision = decide(target.access, principal);
      if (decision) admitted.set(key, { ...found, ...decision });
      else refused.push({ title: titleOf(target), scopes: scopesOf(target.access) });
    }
    const [first] = refused;
    if (!first) return { admitted };
    const needed = unique(refused.flatMap(({ scopes }) => scopes));
    return { refusal: refusalFor(first.title, needed, messages, principal) };
  };

  function refusalFor(
    title: string,
    needed: readonly string[],
    messages: readonly Message[],
    principal: Principal | undefined,
  ): Refusal {
    const all = Object.keys(app.scopes);
    if (!principal) return signIn(title, challengeScopes === "all" ? all : needed);
    // Clients of the legacy era ask for what the challenge names and nothing else, and would lose what they have (AUTH-13).
    const held = messages.some(({ modern }) => modern)
      ? []
      : all.filter((scope) => principal.scopes.has(scope));
    return {
      ...moreScope(title, needed, unique([...held, ...needed])),
      details: () => ({ needed: shown(needed.join(" ")), ...describeScopes(principal, needed) }),
    };
  }
}

/** As whom the policy lets a caller in, who is not told of where it makes no difference; undefined if it does not. */
function decide(
  access: Access,
  principal: Principal | undefined,
): { readonly caller: Principal | undefined } | undefined {
  if (access.level === "anyone") return { caller: undefined };
  if (principal && access.scopes.every((scope) => principal.scopes.has(scope))) return { caller: principal };
  return access.level === "mixed" ? { caller: undefined } : undefined;
}

/**
 * Tells an operator where the issuer puts its scopes: the names of all claims, and of those that hold what is missing.
 * No other value is told.
 */
function describeScopes({ scopes, claims }: Principal, needed: readonly string[]): Record<string, string> {
  const missing = needed.filter((scope) => !scopes.has(scope));
  const holders = Object.entries(claims).filter(([, value]) =>
    [value].flat().some((words) => String(words).split(" ").some((word) => missing.includes(word)))
  );
  const list = (words: Iterable<string>) => shown([...words].slice(0, MAX_LOGGED).join(" "));
  return {
    scopes: list(scopes),
    claims: list(Object.keys(claims)),
    ...(holders.length > 0 && { foundIn: list(holders.map(([name]) => name)) }),
  };
}

function titleOf(target: Tool | Prompt | Resource): string {
  return "title" in target ? target.title : target.descriptor.title ?? target.descriptor.name;
}

/** The refusal for want of a token; also that of a whole server that asks everyone to sign in (MIX-06). */
export function signIn(title: string, scopes: readonly string[]): Refusal {
  const description = `Sign in to use "${title}".`;
  return {
    status: 401,
    fault: "no_token",
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
    fault: "insufficient_scope",
    text:
      `${description}. Nothing was done. Allow it when asked, or disconnect and connect again, then repeat this.`,
    challenge: { header: params, hint: params },
  };
}

function unique(scopes: readonly string[]): string[] {
  return [...new Set(scopes)];
}
