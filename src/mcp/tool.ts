import { type Deadline, withDeadline } from "../net/deadline.ts";
import type { CallToolResult, ContentBlock, InputRequiredResult } from "@modelcontextprotocol/server";
import * as z from "zod";
import { type Access, securitySchemes } from "./access.ts";
import { describeFaults, expectation } from "./argument_faults.ts";
import { InputRequired } from "./confirm.ts";
import { CallContext, type ToolCall, type ToolContext } from "./tool_context.ts";
import { ToolError } from "./tool_error.ts";
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
  /** Who may call it: the model, widgets, or both, which is the default (UI-06). */
  readonly visibility?: readonly ("model" | "app")[];
  /** In milliseconds, 30 seconds by default; then the signal fires, and the caller is told. */
  readonly timeLimitMs?: number;
  /** `run` reports its progress: to callers who want to know, it is answered on an event stream. */
  readonly progress?: boolean;
  /** The optional argument that says that the person has agreed: where it is given, `confirm` does not ask. */
  readonly confirmedBy?: keyof z.input<I> & string;
  run(args: z.output<I>, context: ToolContext<A>): ToolOutcome<O> | Promise<ToolOutcome<O>>;
}

/** What `run` gives back. */
export interface ToolOutcome<O extends z.ZodObject> {
  readonly data: z.input<O>;
  /** The same in words, for the model and for hosts without widgets (UI-07). */
  readonly text: string;
  /** Pictures, sounds, resources and links to them, for the model and the person. */
  readonly content?: readonly ToolContent[];
  /** The result's `_meta`: for the widget, unseen by the model (conflict C7). */
  readonly meta?: Record<string, unknown>;
}

/** Content besides text. */
export type ToolContent =
  | { readonly type: "image"; readonly data: Uint8Array; readonly mimeType: `image/${string}` }
  | { readonly type: "audio"; readonly data: Uint8Array; readonly mimeType: `audio/${string}` }
  | {
    readonly type: "resource";
    readonly resource:
      & { readonly uri: string; readonly mimeType?: string }
      & ({ readonly text: string } | { readonly blob: Uint8Array });
  }
  | {
    readonly type: "resource_link";
    readonly uri: string;
    readonly name: string;
    readonly title?: string;
    readonly description?: string;
    readonly mimeType?: string;
  };

/** A tool as the server sees it. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly access: Access;
  readonly widget: Widget | undefined;
  readonly upstream: boolean;
  /** Its entry in `tools/list`. */
  readonly descriptor: { readonly name: string } & Record<string, unknown>;
  readonly timeLimitMs: number;
  readonly progress: boolean;
  readonly confirmedBy: string | undefined;
  /**
   * Runs it, for a caller that the gate has admitted.
   *
   * @param deadline Of the tool's time, which whoever calls it looks after.
   * @throws whatever `run` throws, save for ToolError and what the person has to be asked, which become results.
   */
  call(args: unknown, call: ToolCall, deadline: Deadline): Promise<ToolResult>;
}

/** How a call ends: with an answer, or with a question to the person. */
export type ToolResult = CallToolResult | InputRequiredResult;

const TIME_LIMIT_MS = 30_000;
/** The data for models whose host does not give them `structuredContent`; people have the words and the widget. */
const FOR_MODELS = { audience: ["assistant" as const] };

/** The data of results as JSON, which stands in a result twice: each is kept for as long as its data. */
const written = new WeakMap<object, string>();

/** The data of a result as JSON, without writing it again where the tool has done so. */
export function dataAsJson(data: unknown): string {
  return written.get(data as object) ?? JSON.stringify(data);
}

/** Turns a declaration into a tool; schemas are converted here, once. */
export function defineTool<const A extends Access, I extends z.ZodObject, O extends z.ZodObject>(
  definition: ToolDefinition<A, I, O>,
): Tool {
  const { name, title, access, upstream = false, input: inputSchema, confirmedBy } = definition;
  const { timeLimitMs = TIME_LIMIT_MS, progress = false } = definition;
  if (upstream && access.level === "anyone") {
    throw new Error(
      `Cannot define ${name}: for an upstream API it must know its callers, by mixed or signedIn.`,
    );
  }
  const argumentNames = Object.keys(inputSchema.shape);
  const descriptor = describe(definition);
  const confirmation = confirmedBy && descriptor.inputSchema.properties?.[confirmedBy];
  const byBoolean = typeof confirmation === "object" && confirmation.type === "boolean";
  let memberNames: ReadonlySet<string> | undefined;
  return {
    name,
    title,
    access,
    widget: definition.widget,
    ...{ timeLimitMs, progress, confirmedBy, upstream },
    descriptor,
    async call(args, call, deadline) {
      const input = inputSchema.safeParse(args ?? {}, { error: expectation });
      if (!input.success) {
        memberNames ??= namesIn(inputSchema);
        return toolError(describeFaults(input.error.issues, memberNames, argumentNames));
      }
      try {
        const context = new CallContext<A>({ name, confirmedBy, byBoolean }, args, call, deadline);
        const { data, text, content, meta } = await definition.run(input.data, context);
        const structuredContent = definition.output.parse(data);
        const json = JSON.stringify(structuredContent);
        written.set(structuredContent, json);
        return {
          content: [
            { type: "text", text },
            ...(content ? content.map(encoded) : []),
            { type: "text", text: json, annotations: FOR_MODELS },
          ],
          structuredContent,
          ...(meta && { _meta: meta }),
        };
      } catch (error) {
        if (error instanceof ToolError) return toolError(error.message, error.meta);
        if (error instanceof InputRequired) return error.result;
        throw error;
      }
    },
  };
}

/** As it travels in JSON. */
export function encoded(block: ToolContent): ContentBlock {
  if (block.type === "resource_link") return block;
  if (block.type !== "resource") return { ...block, data: block.data.toBase64() };
  const { resource } = block;
  if ("text" in resource) return { ...block, resource };
  return { ...block, resource: { ...resource, blob: resource.blob.toBase64() } };
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

function describe(definition: ToolDefinition<Access, z.ZodObject, z.ZodObject>): Tool["descriptor"] & {
  readonly inputSchema: z.core.JSONSchema.BaseSchema;
} {
  const { name, title, description, access, input, output, widget, annotations } = definition;
  const { visibility = ["model", "app"] } = definition;
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
      ui: { ...(widget && { resourceUri: widget.uri }), visibility },
      ...(widget && { "openai/outputTemplate": widget.uri }),
      "openai/toolInvocation/invoking": definition.invoking,
      "openai/toolInvocation/invoked": definition.invoked,
      "openai/widgetAccessible": visibility.includes("app"),
      ...(!visibility.includes("model") && { "openai/visibility": "private" }),
    },
  };
}

/** Told about a tool, or a resource by its address, that failed for a reason that is ours. */
export type OnFailure = (target: string, error: unknown) => void;

/** The time limit of a tool has passed. */
class TimeUp extends Error {
  override readonly name = "TimeUp";
}

/**
 * Runs a tool that the gate has admitted, for no longer than it may take. Never rejects: what goes wrong is told to
 * `onFailure`, and without its cause in the result.
 */
export async function callTool(
  tool: Tool,
  args: unknown,
  call: ToolCall,
  onFailure: OnFailure,
): Promise<ToolResult> {
  const { name, title, timeLimitMs } = tool;
  const timeUp = () => new TimeUp(`The tool took longer than ${timeLimitMs / 1000} seconds.`);
  try {
    return await withDeadline(timeLimitMs, timeUp, (deadline) => tool.call(args, call, deadline));
  } catch (error) {
    if (error instanceof TimeUp) {
      onFailure(name, error);
      return toolError(
        `"${title}" took longer than ${timeLimitMs / 1000} seconds and was given up. ` +
          "Part of it may have been done: look before you try again.",
      );
    }
    // What ends with the signal has not failed: the caller has gone, or is told that the time was up.
    if (!call.signals().some(({ aborted, reason }) => aborted && reason === error)) onFailure(name, error);
    return toolError(
      `"${title}" failed for a reason on our side. Nothing is wrong with your request; try again later.`,
    );
  }
}
