import {
  createMcpHandler,
  isInitializeRequest,
  isLegacyRequest,
  SUPPORTED_PROTOCOL_VERSIONS,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { DispatchOptions, Incoming, SdkLane } from "./dispatch.ts";
import { wantsProgress } from "./event_stream.ts";
import type { Admission } from "./gate.ts";
import { errorMessage, INVALID_PARAMS, isObject, type Message, METHOD_NOT_FOUND } from "./json_rpc.ts";
import { createSdkServerFactory } from "./sdk_server.ts";

const BOTH_TYPES = "application/json, text/event-stream";

/**
 * Serves whatever arrives by the official SDK, in JSON save for tools that report progress to a caller who wants to know: 2025-11-25 and before over its Streamable HTTP transport, 2026-07-28
 * over its `createMcpHandler`. In each era the protocol's own checks come first, then the access policy, then the
 * dispatch.
 */
export function createSdkLane(options: DispatchOptions): SdkLane {
  const { gate, keepAliveMs } = options;
  const createServer = createSdkServerFactory(options);

  async function serveLegacy(incoming: Incoming, admission: Admission): Promise<Response> {
    const { request, body, messages, refuse } = incoming;
    const version = request.headers.get("mcp-protocol-version");
    // Left to the transport, which words the refusal, but before the gate: a bad header is 400, not 401.
    const isSupported = version === null || SUPPORTED_PROTOCOL_VERSIONS.includes(version);
    if (admission.refusal && isSupported) return refuse(admission.refusal);
    const misfit = misfitParams(messages, body);
    if (misfit) return misfit;
    const server = createServer(admission.admitted ?? new Map(), incoming);
    const transport = new WebStandardStreamableHTTPServerTransport({
      enableJsonResponse: !streams(incoming, admission),
      keepAliveMs,
    });
    await server.connect(transport);
    return await transport.handleRequest(withSdkHeaders(request), { parsedBody: body });
  }

  async function serveModern(incoming: Incoming, admission: Admission): Promise<Response> {
    const { request, body, messages, refuse } = incoming;
    const { refusal, admitted } = admission;
    let answer: Response | undefined;
    const sdk = createMcpHandler(() => {
      // The SDK comes here once its own checks of envelope and headers have passed (TRN-19: 400 before 401).
      answer = unsupported(messages) ?? (refusal && refuse(refusal)) ??
        misfitParams(messages, body);
      if (answer || !admitted) throw new Error("answered before dispatch");
      return createServer(admitted, incoming);
    }, { legacy: "reject", responseMode: streams(incoming, admission) ? "sse" : "auto", keepAliveMs });
    const response = await sdk.fetch(withSdkHeaders(request), { parsedBody: body });
    return answer ?? response;
  }

  return async (incoming, admission = gate(incoming.messages, incoming.principal)) => {
    const isLegacy = await isLegacyRequest(incoming.request, incoming.body);
    return await (isLegacy ? serveLegacy : serveModern)(incoming, admission);
  };
}

/** Whether the answer is an event stream, so that progress can go before it. */
function streams({ request, messages }: Incoming, { admitted }: Admission): boolean {
  const reports = admitted?.values().some(({ tool }) => tool?.progress) ?? false;
  return reports && wantsProgress(request, messages);
}

/**
 * Params that the SDK would refuse in the words of its schemas, or call an internal error (BASE-08). A batch is refused
 * as a whole, so that nothing of it is done twice.
 */
function misfitParams(messages: Incoming["messages"], body: unknown): Response | undefined {
  const problem = [body].flat().map((element, index) => misfit(messages[index]!, element)).find(Boolean);
  if (problem === undefined) return undefined;
  const answers = messages.flatMap(({ id }) =>
    id === undefined ? [] : errorMessage(id, INVALID_PARAMS, problem)
  );
  return Response.json(Array.isArray(body) ? answers : answers[0]);
}

function misfit({ id, method, modern, params }: Message, element: unknown): string | undefined {
  if (id === undefined) return undefined;
  if (method === "tools/call") return misfitCall(params);
  return method === "initialize" && !modern && !isInitializeRequest(element)
    ? "initialize needs protocolVersion, capabilities and clientInfo."
    : undefined;
}

function misfitCall({ name, arguments: args }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof name !== "string") return "tools/call needs the name of a tool, as text.";
  return args === undefined || isObject(args) ? undefined : "The arguments of tools/call must be an object.";
}

/** The lists never change while the server runs, so there is nothing to subscribe to (BASE-18). */
function unsupported([message]: Incoming["messages"]): Response | undefined {
  if (message?.method !== "subscriptions/listen") return undefined;
  const words = "Method not found: this server has nothing to subscribe to.";
  return Response.json(errorMessage(message.id, METHOD_NOT_FOUND, words), { status: 404 });
}

/** The SDK insists on both media types and on a JSON content type; by now we have been more lenient (TRN-26). */
function withSdkHeaders(request: Request): Request {
  const accept = request.headers.get("accept") ?? "";
  const lenient = !accept.includes("application/json") || !accept.includes("text/event-stream") ||
    !request.headers.get("content-type")?.startsWith("application/json");
  if (!lenient) return request;
  const headers = new Headers(request.headers);
  headers.set("accept", BOTH_TYPES);
  headers.set("content-type", "application/json");
  return new Request(request.url, { method: "POST", headers, signal: request.signal });
}
