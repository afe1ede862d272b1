import { z } from "zod";
import { type Access, type CallerOf, securitySchemes } from "./access.ts";
import { describeFaults, expectation } from "./argument_faults.ts";
import type { Principal } from "../auth/principal.ts";
import type { Widget } from "./widget.ts";

/** What a tool is, in one declaration. */
export interface ToolDefinition<A extends Access, I extends z.ZodObject, O extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** For the model: what the tool does and when to use it. */
  readonly description: string;
  readonly access: A;
  /** Use `z.strictObject`, so that misspelt arguments are refused instead of ignored. */
  readonly input: I;
  /** The privacy filter: members that this schema does not name never leave the server. */
  readonly output: O;
  /** What hosts show for a result; left out for a tool whose words say it all. */
  readonly widget?: Widget;
  /** What the host shows while the tool runs, and afterwards; 64 characters at most (OAI-09). */
  readonly invoking: string;
  readonly invoked: string;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly openWorldHint: boolean;
    /** The same call again changes nothing more; means something where `readOnlyHint` is false. */
    readonly idempotentHint?: boolean;
  };
  run(args: z.output<I>, context: ToolContext<A>): ToolOutcome<O> | Promise<ToolOutcome<O>>;
}

/** What `run` is told besides its arguments. */
export interface ToolContext<A extends Access> {
  /** From the verified token; its type follows the access level. */
  readonly caller: CallerOf<A>;
  /** Fires when the caller has gone or the time is up. */
  readonly signal: AbortSignal;
}

/** What `run` gives back. */
export interface ToolOutcome<O extends z.ZodObject> {
  readonly data: z.input<O>;
  /** The same in words, for the model and for hosts without widgets (UI-07). */
  readonly text: string;
  /** The result's `_meta`: for the widget, unseen by the model (conflict C7). */
  readonly meta?: Record<string, unknown>;
}

/** Something went wrong that the caller can do something about; the message says what. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** A tool as the server sees it. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly access: Access;
  readonly widget: Widget | undefined;
  /** Its entry in `tools/list`. */
  readonly descriptor: { readonly name: string } & Record<string, unknown>;
  /**
   * Runs it, for a caller that the gate has admitted.
   *
   * @param caller As the access policy lets the tool see it.
   * @throws whatever `run` throws, save for ToolError, which becomes a result.
   */
  call(args: unknown, caller: Principal | undefined, signal: AbortSignal): Promise<ToolResult>;
}

/** The members of a `CallToolResult` that we use. */
export interface ToolResult extends Record<string, unknown> {
  content: { type: "text"; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
  _meta?: Record<string, unknown>;
}

/** Turns a declaration into a tool; schemas are converted here, once. */
export function defineTool<const A extends Access, I extends z.ZodObject, O extends z.ZodObject>(
  definition: ToolDefinition<A, I, O>,
): Tool {
  const { name, title, access, input: inputSchema } = definition;
  const argumentNames = Object.keys(inputSchema.shape);
  let memberNames: ReadonlySet<string> | undefined;
  return {
    name,
    title,
    access,
    widget: definition.widget,
    descriptor: describe(definition),
    async call(args, caller, signal) {
      const input = inputSchema.safeParse(args ?? {}, { error: expectation });
      if (!input.success) {
        memberNames ??= namesIn(inputSchema);
        return toolError(describeFaults(input.error.issues, memberNames, argumentNames));
      }
      try {
        const context = { caller: caller as CallerOf<A>, signal };
        const { data, text, meta } = await definition.run(input.data, context);
        const structuredContent = definition.output.parse(data);
        const json = JSON.stringify(structuredContent);
        return {
          content: [{ type: "text", text }, { type: "text", text: json }],
          structuredContent,
          ...(meta && { _meta: meta }),
        };
      } catch (error) {
        if (error instanceof ToolError) return toolError(error.message);
        throw error;
      }
    },
  };
}

/** Every name that a schema gives to a member, however deep. */
function namesIn(schema: z.ZodObject): ReadonlySet<string> {
  const names = new Set<string>();
  z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => Object.keys(jsonSchema.properties ?? {}).forEach((name) => names.add(name)),
  });
  return names;
}

/** A failure in words that the model can act on (TOOL-09). */
export function toolError(text: string): ToolResult {
  return { content: [{ type: "text", text }], isError: true };
}

function describe(definition: ToolDefinition<Access, z.ZodObject, z.ZodObject>): Tool["descriptor"] {
  const { name, title, description, access, input, output, widget, annotations } = definition;
  for (const status of [definition.invoking, definition.invoked]) {
    if (status.length > 64) {
      throw new Error(`Cannot define ${name}: "${status}" is longer than 64 characters.`);
    }
  }
  const schemes = securitySchemes(access);
  return {
    name,
    title,
    description,
    inputSchema: z.toJSONSchema(input, { io: "input" }),
    outputSchema: z.toJSONSchema(output),
    annotations: { title, ...annotations },
    securitySchemes: schemes,
    _meta: {
      securitySchemes: schemes,
      ui: { ...(widget && { resourceUri: widget.uri }), visibility: ["model", "app"] },
      ...(widget && { "openai/outputTemplate": widget.uri }),
      "openai/toolInvocation/invoking": definition.invoking,
      "openai/toolInvocation/invoked": definition.invoked,
      "openai/widgetAccessible": true,
    },
  };
}
