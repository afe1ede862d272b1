import { z } from "zod";
import { type Access, type CallerOf, securitySchemes } from "./access.ts";
import { describeFaults, expectation } from "./argument_faults.ts";
import type { Principal } from "../auth/principal.ts";
import type { UpstreamTarget, UpstreamToken } from "../auth/token_exchange.ts";
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
  /**
   * It calls other APIs on behalf of its callers, by `tokenFor`. The server then does not start without a client that
   * may exchange tokens.
   */
  readonly upstream?: boolean;
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
  /** A token for another API on behalf of the caller; only for tools that declare `upstream`. */
  readonly tokenFor: TokenFor;
}

/**
 * Gets a token for an upstream API on behalf of the caller.
 *
 * @throws ToolError in words for the model: nobody has signed in, the issuer refuses, or it cannot be asked.
 */
export type TokenFor = (target: UpstreamTarget) => Promise<UpstreamToken>;

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

  /** @param meta The result's `_meta`, such as a challenge. */
  constructor(message: string, readonly meta?: Readonly<Record<string, unknown>>) {
    super(message);
  }
}

/** A tool as the server sees it. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly access: Access;
  readonly widget: Widget | undefined;
  readonly upstream: boolean;
  /** Its entry in `tools/list`. */
  readonly descriptor: { readonly name: string } & Record<string, unknown>;
  /**
   * Runs it, for a caller that the gate has admitted.
   *
   * @param caller As the access policy lets the tool see it.
   * @param tokenFor For tools that declare `upstream`.
   * @throws whatever `run` throws, save for ToolError, which becomes a result.
   */
  call(
    args: unknown,
    caller: Principal | undefined,
    signal: AbortSignal,
    tokenFor?: TokenFor,
  ): Promise<ToolResult>;
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
  const { name, title, access, upstream = false, input: inputSchema } = definition;
  if (upstream && access.level === "anyone") {
    throw new Error(
      `Cannot define ${name}: for an upstream API it must know its callers, by mixed or signedIn.`,
    );
  }
  const undeclared: TokenFor = () =>
    Promise.reject(new Error(`Cannot get a token for another API: declare "upstream: true" in ${name}.`));
  const argumentNames = Object.keys(inputSchema.shape);
  let memberNames: ReadonlySet<string> | undefined;
  return {
    name,
    title,
    access,
    widget: definition.widget,
    upstream,
    descriptor: describe(definition),
    async call(args, caller, signal, tokenFor = undeclared) {
      const input = inputSchema.safeParse(args ?? {}, { error: expectation });
      if (!input.success) {
        memberNames ??= namesIn(inputSchema);
        return toolError(describeFaults(input.error.issues, memberNames, argumentNames));
      }
      try {
        const context = { caller: caller as CallerOf<A>, signal, tokenFor };
        const { data, text, meta } = await definition.run(input.data, context);
        const structuredContent = definition.output.parse(data);
        const json = JSON.stringify(structuredContent);
        return {
          content: [{ type: "text", text }, { type: "text", text: json }],
          structuredContent,
          ...(meta && { _meta: meta }),
        };
      } catch (error) {
        if (error instanceof ToolError) return toolError(error.message, error.meta);
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
export function toolError(text: string, meta?: Readonly<Record<string, unknown>>): ToolResult {
  return { content: [{ type: "text", text }], isError: true, ...(meta && { _meta: meta }) };
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
