import {
  createMcpHandler,
  isLegacyRequest,
  SUPPORTED_PROTOCOL_VERSIONS,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { Principal } from "../auth/principal.ts";
import type { App } from "./app.ts";
import { gate } from "./gate.ts";
import { messagesOf } from "./message.ts";
import type { Refuse } from "./refusal.ts";
import { createSdkServerFactory, type OnToolFailure } from "./sdk_server.ts";

/**
 * Answers one POST of the MCP endpoint. The body is parsed and the token verified already; the request's own body
 * is not read again.
 *
 * @param signal Fires when the time for the request is up.
 */
export type McpHandler = (
  request: Request,
  body: unknown,
  principal: Principal | undefined,
  signal: AbortSignal,
) => Promise<Response>;

const BOTH_TYPES = "application/json, text/event-stream";

/**
 * Serves both eras on one URL, stateless: 2025-11-25 and before over the SDK's Streamable HTTP transport, and
 * 2026-07-28 over its `createMcpHandler`. In each era the protocol's own checks come first, then the access
 * policy, then the dispatch.
 */
export function createHandler(
  { app, refuse, onToolFailure }: {
    readonly app: App;
    readonly refuse: Refuse;
    readonly onToolFailure: OnToolFailure;
  },
): McpHandler {
  const createServer = createSdkServerFactory(app, onToolFailure);

  const serveLegacy: McpHandler = async (request, body, principal, signal) => {
    const version = request.headers.get("mcp-protocol-version");
    // Left to the transport, which words the refusal, but before the gate: a bad header is 400, not 401.
    if (version === null || SUPPORTED_PROTOCOL_VERSIONS.includes(version)) {
      const messages = messagesOf(body);
      const refusal = gate(messages, principal, app);
      if (refusal) return refuse(request, messages, refusal);
    }
    // In this era a caller that hangs up has not cancelled (TRN-12).
    const server = createServer(principal, signal);
    const transport = new WebStandardStreamableHTTPServerTransport({
      enableJsonResponse: acceptsJson(request),
    });
    await server.connect(transport);
    return await transport.handleRequest(withSdkHeaders(request), { parsedBody: body });
  };

  const serveModern: McpHandler = async (request, body, principal, signal) => {
    let answer: Response | undefined;
    const sdk = createMcpHandler(() => {
      // The SDK comes here once its own checks of envelope and headers have passed (TRN-19: 400 before 401).
      answer = unsupported(body) ?? denied();
      if (answer) throw new Error("answered before dispatch");
      return createServer(principal, AbortSignal.any([request.signal, signal]));
    }, { legacy: "reject", ...(!acceptsJson(request) && { responseMode: "sse" }) });
    const response = await sdk.fetch(withSdkHeaders(request), { parsedBody: body });
    return answer ?? response;

    function denied(): Response | undefined {
      const messages = messagesOf(body);
      const refusal = gate(messages, principal, app);
      return refusal && refuse(request, messages, refusal);
    }
  };

  return async (request, body, principal, signal) => {
    const serve = await isLegacyRequest(request, body) ? serveLegacy : serveModern;
    return await serve(request, body, principal, signal);
  };
}

/** The lists never change while the server runs, so there is nothing to subscribe to (BASE-18). */
function unsupported(body: unknown): Response | undefined {
  const [message] = messagesOf(body);
  if (message?.method !== "subscriptions/listen") return undefined;
  const error = { code: -32601, message: "Method not found: this server has nothing to subscribe to." };
  return Response.json({ jsonrpc: "2.0", id: message.id, error }, { status: 404 });
}

/** Only a client that asks for a stream and nothing else gets one. */
function acceptsJson(request: Request): boolean {
  const accept = request.headers.get("accept") ?? "";
  return accept.includes("json") || accept.includes("*/*") || !accept.includes("text/event-stream");
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
