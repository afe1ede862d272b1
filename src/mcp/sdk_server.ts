import {
  type jsonSchemaValidator,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type Tool as ToolDescriptor,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { callTool } from "./call.ts";
import type { DispatchOptions } from "./dispatch.ts";
import type { Admitted } from "./gate.ts";
import { WIDGET_TEMPLATE } from "./widget.ts";

/** Makes the SDK server that answers one request, whose targets the gate has admitted. */
export type SdkServerFactory = (
  admitted: ReadonlyMap<string, Admitted>,
  signal: AbortSignal,
  request: Request,
) => Server;

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
const LIST_PARAMS = { params: z.looseObject({ cursor: z.string("must be text").optional() }) };
const READ_PARAMS = { params: z.looseObject({ uri: z.string("must be text") }) };
/** A name that nothing has is told back only as far as a name of ours could go. */
const MAX_NAME_LENGTH = 128;

/**
 * Prepares the answers that never change, descriptors and JSON schemas included, so that a request only builds
 * the SDK's low-level server around them. `McpServer.registerTool` would rebuild them every time and drops
 * `securitySchemes`.
 */
export function createSdkServerFactory(
  { app, serverInfo, onFailure, tokenFor }: DispatchOptions,
): SdkServerFactory {
  const toolList = app.tools.map(({ descriptor }) => descriptor as ToolDescriptor);
  const resourceList = app.resources.map(({ descriptor }) => descriptor);
  const options = {
    capabilities: { tools: {}, resources: {}, extensions: { "io.modelcontextprotocol/ui": {} } },
    instructions: app.instructions,
    jsonSchemaValidator: NO_VALIDATION,
    cacheHints: {
      "server/discover": PUBLIC,
      "tools/list": PUBLIC,
      "resources/list": PUBLIC,
      "resources/templates/list": PUBLIC,
    },
  };

  return (admitted, signal, request) => {
    const server = new Server(serverInfo, options);
    server.setRequestHandler("tools/list", LIST_PARAMS, (params) => firstPage(params, { tools: toolList }));
    server.setRequestHandler(
      "resources/list",
      LIST_PARAMS,
      (params) => firstPage(params, { resources: resourceList }),
    );
    server.setRequestHandler(
      "resources/templates/list",
      LIST_PARAMS,
      (params) => firstPage(params, { resourceTemplates: [WIDGET_TEMPLATE] }),
    );
    server.setRequestHandler("resources/read", READ_PARAMS, ({ uri }) => read(uri, admitted.get(uri)));
    server.setRequestHandler("tools/call", async ({ params: { name, arguments: args } }) => {
      const target = admitted.get(name);
      if (!target?.tool) {
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool "${shown(name)}".`);
      }
      const { tool, caller } = target;
      return await callTool(tool, args, {
        caller,
        signal,
        onFailure,
        ...(tool.upstream && { tokenFor: tokenFor?.(request, tool, caller) }),
      });
    });
    // A cancellation can only name what came in the same batch, which would wait for that answer until the time is up.
    server.setNotificationHandler("notifications/cancelled", () => {});
    return server;
  };

  function read(uri: string, target: Admitted | undefined) {
    const resource = target?.resource;
    if (!resource) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no resource "${shown(uri)}".`, {
        uri: shown(uri),
      });
    }
    const open = resource.access.level === "anyone";
    try {
      return { contents: [{ uri, ...resource.read() }], ...(open && PUBLIC) };
    } catch (error) {
      onFailure(uri, error);
      const { name } = resource.descriptor;
      throw new ProtocolError(
        ProtocolErrorCode.InternalError,
        `"${name}" cannot be read now; try again later.`,
      );
    }
  }
}

/** Lists are never paged, so a cursor cannot have come from here (BASE-21). */
function firstPage<T>({ cursor }: { readonly cursor?: string | undefined }, list: T): T {
  if (cursor === undefined) return list;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Unknown cursor: this list has one page.");
}

function shown(name: string): string {
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
}
