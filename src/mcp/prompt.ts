import { z } from "zod";
import type { Access, CallerOf } from "./access.ts";
import { describeFaults, expectation } from "./argument_faults.ts";
import { type Complete, type Completion, createCompletion, type RequestContext } from "./completion.ts";
import type { ResourceContent } from "./resource.ts";

/** Arguments of a prompt: fields that take text, as the protocol sends nothing else. */
export type PromptArguments = z.ZodObject<Record<string, z.ZodType<unknown, string | undefined>>>;

/** What a prompt is, in one declaration. */
export interface PromptDefinition<A extends Access, I extends PromptArguments> {
  readonly name: string;
  readonly title: string;
  /** For people, who choose it from a menu. */
  readonly description: string;
  readonly access: A;
  /** Descriptions of the fields are shown; use `z.strictObject`, so that misspelt ones are refused. */
  readonly arguments?: I;
  /** Proposes values for them. */
  readonly complete?: {
    readonly [Name in keyof z.input<I> & string]?: Complete<A, keyof z.input<I> & string>;
  };
  get(args: z.output<I>, context: RequestContext<A>): PromptMessages | Promise<PromptMessages>;
}

/** Messages to begin with; a text alone is one message of the user. */
export type PromptMessages = string | readonly PromptMessage[];

/** One message. */
export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly content:
    | { readonly type: "text"; readonly text: string }
    | { readonly type: "image"; readonly data: Uint8Array; readonly mimeType: `image/${string}` }
    | { readonly type: "resource"; readonly resource: ResourceContent & { readonly uri: string } };
}

/** A prompt as the server sees it. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly access: Access;
  /** Its entry in `prompts/list`. */
  readonly descriptor: { readonly name: string } & Record<string, unknown>;
  readonly completion: Completion;
  /**
   * Its messages, for a caller that the gate has admitted.
   *
   * @returns What is wrong with the arguments, in words, or the `messages` of the answer.
   */
  get(
    args: unknown,
    context: RequestContext,
  ): Promise<{ readonly fault: string } | { readonly messages: readonly WireMessage[] }>;
}

type WireMessage = { readonly role: "user" | "assistant"; readonly content: Record<string, unknown> };

/**
 * Turns a declaration into a prompt. Everyone sees it listed; getting it and completing its arguments follow its access.
 *
 * @throws Error when an argument is of a type that cannot be sent.
 */
export function definePrompt<
  const A extends Access,
  I extends PromptArguments = z.ZodObject<Record<never, never>>,
>(
  definition: PromptDefinition<A, I>,
): Prompt {
  const { name, title, description, access } = definition;
  const schema = definition.arguments ?? z.strictObject({});
  const names = Object.keys(schema.shape);
  return {
    name,
    title,
    access,
    descriptor: {
      name,
      title,
      description,
      ...(names.length > 0 && { arguments: listArguments(name, schema) }),
    },
    completion: createCompletion(names, definition.complete),
    async get(args, { caller, signal }) {
      const input = schema.safeParse(args ?? {}, { error: expectation });
      if (!input.success) return { fault: describeFaults(input.error.issues, new Set(names), names) };
      const context = { caller: caller as CallerOf<A>, signal };
      const messages = await definition.get(input.data as z.output<I>, context);
      if (typeof messages === "string") {
        return { messages: [{ role: "user", content: { type: "text", text: messages } }] };
      }
      return { messages: messages.map(toWire) };
    },
  };
}

/** Entries of the descriptor's `arguments`, from the schema. */
function listArguments(prompt: string, schema: PromptArguments): Record<string, unknown>[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === "boolean" || property.type !== "string") {
      throw new Error(`Cannot define the prompt ${prompt}: its argument ${name} must be text.`);
    }
    const { title, description } = property;
    return { name, title, description, required: required.includes(name) };
  });
}

function toWire({ role, content }: PromptMessage): WireMessage {
  if (content.type === "text") return { role, content };
  if (content.type === "image") return { role, content: { ...content, data: content.data.toBase64() } };
  const { blob, ...rest } = content.resource;
  const resource = blob ? { ...rest, blob: blob.toBase64() } : rest;
  return { role, content: { ...content, resource } };
}
