import type { Principal } from "../auth/principal.ts";
import type { App } from "./app.ts";
import type { CallTool, OnFailure } from "./call.ts";
import { acceptsJson, asEventStream } from "./event_stream.ts";
import type { Gate } from "./gate.ts";
import { messagesOf } from "./json_rpc.ts";
import { plainCall } from "./plain_lane.ts";
import { type Refuse, serverInfo } from "./refusal.ts";

/**
 * Answers one POST of the MCP endpoint. The body is parsed and the token verified already; the request's own body
 * is not read again.
 *
 * @param controller Aborts what runs when the time for the request is up.
 */
export type McpHandler = (
  request: Request,
  body: unknown,
  principal: Principal | undefined,
  controller: AbortController,
) => Promise<Response>;

/** What answers are made of. */
export interface HandlerOptions {
  readonly app: App;
  readonly gate: Gate;
  readonly refuse: Refuse;
  readonly callTool: CallTool;
  readonly onFailure: OnFailure;
}

/**
 * Serves both eras on one URL, stateless. A plain `tools/call`, which is nearly all that hosts ever send, is answered
 * here; everything else goes to the official SDK, which is loaded when first needed. Both apply the same gate and
 * run tools by the same function.
 */
export function createHandler(options: HandlerOptions): McpHandler {
  const { app, gate, refuse, callTool } = options;
  const identity = { "io.modelcontextprotocol/serverInfo": serverInfo(app) };
  let sdk: Promise<McpHandler> | undefined;
  const loadSdk = async () => (await import("./sdk_handler.ts")).createSdkHandler(options);

  const answer: McpHandler = async (request, body, principal, controller) => {
    const messages = messagesOf(body);
    const call = messages.length === 1 && plainCall(request.headers, body, messages[0]!);
    if (call) {
      const refusal = gate(messages, principal);
      if (refusal) return refuse(request, messages, refusal);
      const { id, name, args, modern } = call;
      if (modern) abortOnHangUp(request, controller);
      const outcome = await callTool(name, args, principal, controller.signal);
      if (outcome) {
        const _meta = { ...outcome._meta, ...identity };
        const result = modern ? { ...outcome, resultType: "complete", _meta } : outcome;
        return Response.json({ jsonrpc: "2.0", id, result });
      }
    }
    return await (await (sdk ??= loadSdk()))(request, body, principal, controller);
  };

  return async (request, ...rest) => {
    const response = await answer(request, ...rest);
    return acceptsJson(request) ? response : await asEventStream(response);
  };
}

/** In the modern era a caller that hangs up has cancelled; in the legacy era it has not (TRN-12). */
export function abortOnHangUp(request: Request, controller: AbortController): void {
  request.signal.addEventListener("abort", () => controller.abort(request.signal.reason), { once: true });
}
