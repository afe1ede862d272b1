import type { Hono } from "@hono/hono";
import type { Logger } from "@logtape/logtape";
import type { z } from "zod";
import type { StorageOptions } from "../storage/mod.ts";
import { scopesOf } from "./access.ts";
import type { Prompt } from "./prompt.ts";
import type { Resource } from "./resource.ts";
import type { Tool } from "./tool.ts";
import type { Widget } from "./widget.ts";

/** What an app is, in one declaration: the default export of `src/app/mod.ts`. */
export interface AppDefinition<Env extends z.ZodRawShape = z.ZodRawShape> {
  /** Clients file the server under it. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** For the model; the important part within the first 512 characters (OAI-22). */
  readonly instructions: string;
  /** Pages of whoever publishes the app, as https URLs: directories ask for all four. */
  readonly publisher?: Publisher;
  /** Every scope that tools, resources and prompts name, with the words for a page that asks for consent. */
  readonly scopes: Readonly<Record<string, string>>;
  /**
   * The app's own environment variables, each with a schema that reads it from text. They are checked and reported
   * together with the core's. List them in `deno.json`, too: no other variable may be read.
   */
  readonly env?: Env;
  /** What the playground offers to say, and the icon that it shows, an SVG. */
  readonly playground?: { readonly prompts?: readonly string[]; readonly icon?: string };
  /** Called once, at start; a rejection ends the start with its message. */
  open(deps: AppDeps<z.output<z.ZodObject<Env>>>): OpenApp | Promise<OpenApp>;
}

/** Where people find out who is behind an app. */
export interface Publisher {
  /** Told to clients as `serverInfo.websiteUrl`. */
  readonly website?: string;
  /** The other three stand in the protected resource metadata (RFC 9728 section 2, PRM-10). */
  readonly privacy?: string;
  readonly terms?: string;
  readonly support?: string;
}

/** What an app's `open` is given, so that it reaches for nothing itself. */
export interface AppDeps<Env = Readonly<Record<string, unknown>>> {
  /** The app's variables, as its schemas have read them. */
  readonly env: Env;
  /** Where data is kept: `openStorage({ ...storage, schema, outage })`. Both databases may be undefined. */
  readonly storage: Omit<StorageOptions, "schema" | "outage">;
  /** The development authorization server is in use: people who sign in are made up. */
  readonly development: boolean;
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomUUID: () => string;
  /** Secrets are redacted from what it writes. */
  readonly log: Logger;
}

/** A running app; disposed of when the server ends, after its last request. */
export interface OpenApp extends Partial<AsyncDisposable> {
  readonly tools: readonly Tool[];
  /** Besides the tools' widgets, which follow from the tools. */
  readonly resources?: readonly Resource[];
  readonly prompts?: readonly Prompt[];
  /** Served beside the MCP endpoint, whose own paths it cannot take. The Host header is checked, and nothing else. */
  readonly routes?: Hono;
  /** Rejects with the reason when the app cannot work now; resolves to a note for the log, or to nothing. */
  readonly ready?: () => Promise<string | void>;
}

/** Everything that the server offers. */
export interface App
  extends Pick<AppDefinition, "name" | "title" | "version" | "instructions" | "scopes" | "publisher"> {
  readonly tools: readonly Tool[];
  /** The tools' widgets, and whatever else can be read. */
  readonly resources: readonly Resource[];
  readonly prompts: readonly Prompt[];
}

/** Declares an app; the types of its variables follow from `env`. */
export function defineApp<const Env extends z.ZodRawShape = Record<never, never>>(
  definition: AppDefinition<Env>,
): AppDefinition<Env> {
  return definition;
}

/**
 * Joins the declaration and the running app.
 *
 * @throws Error for what no type can hold: names that are unfit or taken, scopes without words, widgets' origins.
 */
export function joinApp(
  definition: AppDefinition,
  { tools, resources = [], prompts = [] }: OpenApp,
  server: Parameters<Widget["offeredBy"]>[0] = { domain: undefined, development: true },
): App {
  const { name, title, version, instructions, scopes, publisher = {} } = definition;
  const widgets = new Set(tools.flatMap(({ widget }) => widget ?? []));
  const app = {
    ...{ name, title, version, instructions, scopes, publisher, tools, prompts },
    resources: [...Array.from(widgets, (widget) => widget.offeredBy(server)), ...resources],
  };
  checkScopes(app);
  checkNames("tool", tools);
  checkNames("prompt", prompts);
  const addresses = app.resources.map(({ descriptor }) => descriptor.uri ?? descriptor.uriTemplate);
  checkUnique(addresses, "address of two resources");
  for (const [page, url] of Object.entries(publisher)) {
    if (!url.startsWith("https://") || !URL.canParse(url)) {
      throw new Error(`Cannot use "${url}" as the publisher's ${page}: write an https URL.`);
    }
  }
  return app;
}

function checkScopes({ tools, resources, prompts, scopes }: App): void {
  for (const scope of [...tools, ...resources, ...prompts].flatMap(({ access }) => scopesOf(access))) {
    if (scopes[scope] === undefined) {
      throw new Error(`Cannot use the scope "${scope}": the app's scopes do not explain it.`);
    }
  }
}

function checkNames(kind: "tool" | "prompt", named: readonly { readonly name: string }[]): void {
  const names = named.map(({ name }) => name);
  const unfit = names.find((name) => !/^[A-Za-z0-9_.-]{1,64}$/.test(name));
  if (unfit !== undefined) throw new Error(`Cannot use "${unfit}" as the name of a ${kind}.`);
  checkUnique(names, `name of two ${kind}s`);
}

function checkUnique(values: readonly string[], use: string): void {
  const twice = values.find((value, index) => values.indexOf(value) < index);
  if (twice !== undefined) throw new Error(`Cannot use "${twice}" as the ${use}.`);
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
