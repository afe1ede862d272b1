import { scopesOf } from "./access.ts";
import type { Resource } from "./resource.ts";
import type { Tool } from "./tool.ts";

/** Everything the server offers: what `src/app/mod.ts` returns. */
export interface App {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** For the model; the important part within the first 512 characters (OAI-22). */
  readonly instructions: string;
  readonly tools: readonly Tool[];
  /** Every scope that tools and resources name, with the words for a page that asks for consent. */
  readonly scopes: Readonly<Record<string, string>>;
  /** The tools' widgets, and whatever else can be read. */
  readonly resources: readonly Resource[];
}

/** Checks what no type can: names are unique, scopes have words, every widget that a tool shows can be read (UI-04). */
export function checkApp({ tools, resources, scopes }: App): void {
  for (const scope of [...tools, ...resources].flatMap(({ access }) => scopesOf(access))) {
    if (scopes[scope] === undefined) {
      throw new Error(`Cannot use the scope "${scope}": the app's scopes do not explain it.`);
    }
  }
  const names = new Set<string>();
  for (const { name, descriptor } of tools) {
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(name)) throw new Error(`Cannot use "${name}" as the name of a tool.`);
    if (names.has(name)) throw new Error(`Cannot use "${name}" as the name of two tools.`);
    names.add(name);
    const uri = (descriptor["_meta"] as { ui: { resourceUri?: string } }).ui.resourceUri;
    if (uri !== undefined && !resources.some((resource) => resource.descriptor.uri === uri)) {
      throw new Error(
        `Cannot show ${uri} for "${name}": its widget is missing from the resources of the app.`,
      );
    }
  }
}

/** Who may use a tool, and what its scopes allow, for people. */
export function describeAccess(
  { name, title, access }: Tool,
  { scopes }: App,
): { name: string; title: string; access: string; scopes: Record<string, string> } {
  const words = {
    anyone: "Open to everyone.",
    mixed: "Open to everyone; better when signed in.",
    signedIn: "Needs sign-in.",
  };
  const needed = scopesOf(access).map((scope) => [scope, scopes[scope]!]);
  return { name, title, access: words[access.level], scopes: Object.fromEntries(needed) };
}
