import {
  type jsonSchemaValidator,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  Server,
  type ServerContext,
  type ServerOptions,
} from "@modelcontextprotocol/server";
import * as z from "zod";
import type { AskingCall, State } from "./confirm.ts";
import { type DispatchOptions, endings, type Incoming } from "./dispatch.ts";
import { isProgressToken, wantsProgress } from "./event_stream.ts";
import { type Admitted, targetOf } from "./gate.ts";
import { callTool, type Tool } from "./tool.ts";
import type { ToolCall } from "./tool_context.ts";
import { ToolError } from "./tool_error.ts";
import { WIDGET_TEMPLATE } from "./widget.ts";

/** Makes the SDK server that answers one request, whose targets the gate has admitted. */
export type SdkServerFactory = (admitted: ReadonlyMap<string, Admitted>, incoming: Incoming) => Server;

const HOUR_MS = 3_600_000;
/** The same lists for everybody (conflict C9), so any cache may keep them (CACHE-01, CACHE-03). */
const PUBLIC = { ttlMs: HOUR_MS, cacheScope: "public" } as const;
/** Tools check their own arguments and results, so the SDK's validator (one Ajv a request) would be made for nothing. */
const NO_VALIDATION: jsonSchemaValidator = {
  getValidator() {
    throw new Error("Cannot validate with the SDK: tools check their own arguments and results.");
  },
};

/** Given to the SDK, so that it answers params that do not fit with -32602; left to itself it says -32603. */
const LIST_PARAMS = z.looseObject({ cursor: z.string("must be text").optional() });
const READ_PARAMS = z.looseObject({ uri: z.string("must be text") });
const PROMPT_PARAMS = z.looseObject({
  name: z.string("must be text"),
  arguments: z.record(z.string(), z.unknown(), "must be an object").optional(),
});
/** In characters: what somebody has typed, or chosen before. */
const MAX_TYPED = 1_000;
const typed = z.string("must be text").max(MAX_TYPED, `must be text of at most ${MAX_TYPED} characters`);
const COMPLETE_PARAMS = z.looseObject({
  ref: z.union([
    z.looseObject({ type: z.literal("ref/prompt"), name: z.string() }),
    z.looseObject({ type: z.literal("ref/resource"), uri: z.string() }),
  ], "must be the name of a prompt, or the URI of a resource"),
  argument: z.looseObject({ name: typed, value: typed }, "must be a name and a value"),
  context: z.looseObject({
    arguments: z.record(z.string(), typed, "must be an object").optional(),
  }, "must be an object").optional(),
});
/** The protocol allows no more in one answer. */
const MAX_COMPLETIONS = 100;
/** A name that nothing has is told back only as far as a name of ours could go. */
const MAX_NAME_LENGTH = 128;

/**
 * Prepares the answers that never change, descriptors and JSON schemas included, so that a request only builds
 * the SDK's low-level server around them. `McpServer.registerTool` would rebuild them every time and drops
 * `securitySchemes`.
 */
export function createSdkServerFactory(
  { app, serverInfo, onFailure, log, seal, tokenFor }: DispatchOptions,
): SdkServerFactory {
  const descriptors = app.resources.map(({ descriptor }) => descriptor);
  const lists: Readonly<Record<string, Record<string, unknown>>> = {
    "tools/list": { tools: app.tools.map(({ descriptor }) => descriptor) },
    "resources/list": { resources: descriptors.filter(({ uri }) => uri !== undefined) },
    "resources/templates/list": {
      resourceTemplates: [WIDGET_TEMPLATE, ...descriptors.filter(({ uri }) => uri === undefined)],
    },
    ...(app.prompts.length > 0 && {
      "prompts/list": { prompts: app.prompts.map(({ descriptor }) => descriptor) },
    }),
  };
  const completes = [...app.resources, ...app.prompts].some(({ completion }) => completion?.completes);
  const options: ServerOptions = {
    capabilities: {
      tools: {},
      resources: {},
      ...(app.prompts.length > 0 && { prompts: {} }),
      ...(completes && { completions: {} }),
      extensions: { "io.modelcontextprotocol/ui": {} },
    },
    instructions: app.instructions,
    jsonSchemaValidator: NO_VALIDATION,
    requestState: { verify: async (state, context) => await (await seal()).verify(state, context) },
    cacheHints: Object.fromEntries(
      ["server/discover", ...Object.keys(lists)].map((method) => [method, PUBLIC]),
    ),
  };

  return (admitted, incoming) => {
    const server = new Server(serverInfo, options);
    const targeted = (method: string, params: Record<string, unknown>): Partial<Admitted> =>
      admitted.get(targetOf(method, params) ?? "") ?? {};
    const asking = (caller: Admitted["caller"], mcpReq: ServerContext["mcpReq"]): AskingCall => {
      const message = incoming.messages.find(({ id }) => id === mcpReq.id)!;
      const answer = { state: mcpReq.requestState<State>(), responses: mcpReq.inputResponses };
      return { caller, message, seal, answer: message.modern ? answer : undefined };
    };
    const answer = <P extends Record<string, unknown>>(
      method: string,
      params: z.ZodType<P>,
      run: (params: P, target: Partial<Admitted>, signal: AbortSignal, call: AskingCall) => Promise<Result>,
    ) =>
      server.setRequestHandler(method, { params }, async (params, { mcpReq }) => {
        const signal = AbortSignal.any(endings(incoming, incoming.messages[0]!.modern));
        const target = targeted(method, params);
        return await run(params, target, signal, asking(target.caller, mcpReq));
      });
    for (const [method, list] of Object.entries(lists)) {
      server.setRequestHandler(method, { params: LIST_PARAMS }, ({ cursor }) => firstPage(list, cursor));
    }
    answer("resources/read", READ_PARAMS, read);
    if (app.prompts.length > 0) answer("prompts/get", PROMPT_PARAMS, getPrompt);
    if (completes) answer("completion/complete", COMPLETE_PARAMS, complete);
    server.setRequestHandler("tools/call", async ({ params: { name, arguments: args } }, { mcpReq }) => {
      const { tool, caller } = targeted("tools/call", { name });
      if (!tool) throw nothing("tool", name);
      const asked = asking(caller, mcpReq);
      const { message, message: { modern } } = asked;
      const call: ToolCall = {
        ...{ ...asked, log },
        // The SDK's own signal knows of a caller that has left the event stream.
        signals: () => [...endings(incoming, modern), ...(modern ? [mcpReq.signal] : [])],
        report: reportsOf(tool, incoming, message, mcpReq),
        tokenFor: tool.upstream ? tokenFor?.(incoming.request, tool, caller) : undefined,
      };
      incoming.deadline.extend(tool.timeLimitMs);
      return await callTool(tool, args, call, onFailure);
    });
    // A cancellation can only name what came in the same batch, which would wait for that answer until the time is up.
    server.setNotificationHandler("notifications/cancelled", () => {});
    return server;
  };

  async function read(
    { uri }: z.output<typeof READ_PARAMS>,
    { resource, caller }: Partial<Admitted>,
    signal: AbortSignal,
  ): Promise<Result> {
    const items = resource &&
      await attempt(resource.descriptor, signal, async () => await resource.read({ uri, caller, signal }));
    const contents = items === undefined ? [] : [items].flat().map((item) => ({ uri, ...item }));
    if (!resource || contents.length === 0) throw nothing("resource", uri, { uri: shown(uri) });
    return { contents, ...(resource.fixed && PUBLIC) };
  }

  async function getPrompt(
    { name, arguments: args }: z.output<typeof PROMPT_PARAMS>,
    { prompt }: Partial<Admitted>,
    signal: AbortSignal,
    call: AskingCall,
  ): Promise<Result> {
    if (!prompt) throw nothing("prompt", name);
    const result = await attempt(prompt, signal, () => prompt.get(args, call, signal));
    if (typeof result === "string") throw new ProtocolError(ProtocolErrorCode.InvalidParams, result);
    return result;
  }

  async function complete(
    { ref, argument: { name, value }, context }: z.output<typeof COMPLETE_PARAMS>,
    { prompt, resource, caller }: Partial<Admitted>,
    signal: AbortSignal,
  ): Promise<Result> {
    if (ref.type === "ref/prompt" && !prompt) throw nothing("prompt", ref.name);
    if (ref.type === "ref/resource" && !resource && ref.uri !== WIDGET_TEMPLATE.uriTemplate) {
      throw nothing("resource", ref.uri);
    }
    const target = prompt ?? resource?.descriptor;
    const completion = prompt?.completion ?? resource?.completion;
    if (!target || !completion) return { completion: { values: [], total: 0, hasMore: false } };
    if (!completion.names.includes(name)) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `"${target.title ?? target.name}" has no argument "${shown(name)}".`,
      );
    }
    const asked = { arguments: context?.arguments ?? {}, caller, signal };
    const values = await attempt(target, signal, () => completion.complete(name, value, asked));
    return {
      completion: {
        values: values.slice(0, MAX_COMPLETIONS),
        total: values.length,
        hasMore: values.length > MAX_COMPLETIONS,
      },
    };
  }

  /** Runs what the app has written: its own words for a failure are told, and no others. */
  async function attempt<T>(
    { name, title }: { readonly name: string; readonly title?: string },
    signal: AbortSignal,
    run: () => Promise<T>,
  ): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof ToolError) {
        throw new ProtocolError(ProtocolErrorCode.InternalError, error.message);
      }
      // What ends with the signal has not failed: the caller has gone, or is told that the time was up.
      if (error !== signal.reason) onFailure(name, error);
      throw new ProtocolError(
        ProtocolErrorCode.InternalError,
        `"${title ?? name}" cannot be used now; try again later.`,
      );
    }
  }
}

/** Sends progress where the answer is an event stream. A caller that has left misses it. */
function reportsOf(
  tool: Tool,
  { request, messages }: Incoming,
  { meta }: AskingCall["message"],
  { notify }: ServerContext["mcpReq"],
): ToolCall["report"] {
  const progressToken = meta["progressToken"];
  if (!tool.progress || !wantsProgress(request, messages) || !isProgressToken(progressToken)) {
    return undefined;
  }
  return (progress) => {
    notify({ method: "notifications/progress", params: { progressToken, ...progress } }).catch(() => {});
  };
}

/** Lists are never paged, so a cursor cannot have come from here (BASE-21). */
function firstPage<T>(list: T, cursor: string | undefined): T {
  if (cursor === undefined) return list;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Unknown cursor: this list has one page.");
}

function nothing(
  kind: "tool" | "resource" | "prompt",
  name: string,
  data?: { readonly uri: string },
): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no ${kind} "${shown(name)}".`, data);
}

function shown(name: string): string {
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
}
