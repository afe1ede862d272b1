import {
  createMcpHandler,
  isInitializeRequest,
  isLegacyRequest,
  SUPPORTED_PROTOCOL_VERSIONS,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { abortOnHangUp, type HandlerOptions, type McpHandler } from "./dispatch.ts";
import { messagesOf } from "./json_rpc.ts";
import { createSdkServerFactory } from "./sdk_server.ts";

const BOTH_TYPES = "application/json, text/event-stream";

/**
 * Serves whatever arrives by the official SDK, always in JSON: 2025-11-25 and before over its Streamable HTTP transport, 2026-07-28
 * over its `createMcpHandler`. In each era the protocol's own checks come first, then the access policy, then the
 * dispatch.
 */
export function createSdkHandler(options: HandlerOptions): McpHandler {
  const { gate, refuse } = options;
  const createServer = createSdkServerFactory(options);

  const serveLegacy: McpHandler = async (request, body, principal, controller) => {
    const version = request.headers.get("mcp-protocol-version");
    // Left to the transport, which words the refusal, but before the gate: a bad header is 400, not 401.
    if (version === null || SUPPORTED_PROTOCOL_VERSIONS.includes(version)) {
      const messages = messagesOf(body);
      const refusal = gate(messages, principal);
      if (refusal) return refuse(request, messages, refusal);
    }
    const misfit = misfitParams(body);
    if (misfit) return misfit;
    const server = createServer(principal, controller.signal);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport);
    return await transport.handleRequest(withSdkHeaders(request), { parsedBody: body });
  };

  const serveModern: McpHandler = async (request, body, principal, controller) => {
    let answer: Response | undefined;
    const sdk = createMcpHandler(() => {
      // The SDK comes here once its own checks of envelope and headers have passed (TRN-19: 400 before 401).
      answer = unsupported(body) ?? denied() ?? misfitParams(body);
      if (answer) throw new Error("answered before dispatch");
      abortOnHangUp(request, controller);
      return createServer(principal, controller.signal);
    }, { legacy: "reject" });
    const response = await sdk.fetch(withSdkHeaders(request), { parsedBody: body });
    return answer ?? response;

    function denied(): Response | undefined {
      const messages = messagesOf(body);
      const refusal = gate(messages, principal);
      return refusal && refuse(request, messages, refusal);
    }
  };

  return async (request, body, principal, controller) => {
    const serve = await isLegacyRequest(request, body) ? serveLegacy : serveModern;
    return await serve(request, body, principal, controller);
  };
}

/** Params that the SDK would refuse in the words of its schemas, or call an internal error (BASE-08). */
function misfitParams(body: unknown): Response | undefined {
  if (Array.isArray(body)) return undefined;
  const [message] = messagesOf(body);
  if (message?.id === undefined) return undefined;
  const problem = message.method === "tools/call"
    ? misfitCall(message.params)
    : message.method === "initialize" && !message.modern && !isInitializeRequest(body)
    ? "initialize needs protocolVersion, capabilities and clientInfo."
    : undefined;
  if (problem === undefined) return undefined;
  return Response.json({ jsonrpc: "2.0", id: message.id, error: { code: -32602, message: problem } });
}

function misfitCall({ name, arguments: args }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof name !== "string") return "tools/call needs the name of a tool, as text.";
  const isObject = typeof args === "object" && args !== null && !Array.isArray(args);
  return args === undefined || isObject ? undefined : "The arguments of tools/call must be an object.";
}

/** The lists never change while the server runs, so there is nothing to subscribe to (BASE-18). */
function unsupported(body: unknown): Response | undefined {
  const [message] = messagesOf(body);
  if (message?.method !== "subscriptions/listen") return undefined;
  const error = { code: -32601, message: "Method not found: this server has nothing to subscribe to." };
  return Response.json({ jsonrpc: "2.0", id: message.id, error }, { status: 404 });
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
