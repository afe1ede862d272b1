import type { GetPromptResult, InputRequiredResult } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Access, CallerOf } from "./access.ts";
import { describeFaults, expectation } from "./argument_faults.ts";
import { type Complete, type Completion, createCompletion, type RequestContext } from "./completion.ts";
import { type AskingCall, InputRequired, type RequestInput, requestInput } from "./confirm.ts";
import { encoded, type ToolContent } from "./tool.ts";

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
  get(args: z.output<I>, context: PromptContext<A>): PromptMessages | Promise<PromptMessages>;
}

/** What `get` is told besides its arguments, and what it may do besides answering. */
export interface PromptContext<A extends Access> extends RequestContext<A> {
  /** Asks the person, or the host's model, before there are any messages. */
  readonly requestInput: RequestInput;
}

/** Messages to begin with; a text alone is one message of the user. */
export type PromptMessages = string | readonly PromptMessage[];

/** One message. */
export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly content: { readonly type: "text"; readonly text: string } | ToolContent;
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
   * @returns The `messages`, what the client has to be asked first, or in words what is wrong with the arguments.
   */
  get(
    args: unknown,
    call: AskingCall,
    signal: AbortSignal,
  ): Promise<GetPromptResult | InputRequiredResult | string>;
}

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
    async get(args, call, signal) {
      const input = schema.safeParse(args ?? {}, { error: expectation });
      if (!input.success) return describeFaults(input.error.issues, new Set(names), names);
      const about = { tool: { name: `prompt ${name}`, confirmedBy: undefined }, args };
      try {
        const given = await definition.get(input.data as z.output<I>, {
          caller: call.caller as CallerOf<A>,
          signal,
          requestInput: async (requests) => await requestInput(requests, about, call, (answers) => answers),
        });
        const messages = typeof given === "string"
          ? [{ role: "user" as const, content: { type: "text" as const, text: given } }]
          : given;
        return {
          messages: messages.map(({ role, content }) => ({
            role,
            content: content.type === "text" ? content : encoded(content),
          })),
        };
      } catch (error) {
        if (error instanceof InputRequired) return error.result;
        throw error;
      }
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
