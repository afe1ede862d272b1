import type { Principal } from "../auth/principal.ts";
import type { App } from "./app.ts";
import { callTool, type OnFailure } from "./call.ts";
import { acceptsJson, asEventStream } from "./event_stream.ts";
import type { Gate } from "./gate.ts";
import { type Message, resultMessage, type ServerInfo } from "./json_rpc.ts";
import { plainCall } from "./plain_lane.ts";
import type { Refuse } from "./refusal.ts";

/** A POST of the MCP endpoint: its body is parsed and its token verified. */
export interface Incoming {
  /** Its body has been read. */
  readonly request: Request;
  readonly body: unknown;
  /** The messages in `body`. */
  readonly messages: readonly Message[];
  readonly principal: Principal | undefined;
  /** Aborts what runs when the time for the request is up. */
  readonly controller: AbortController;
}

/** Answers a request: applies the access policy, runs what it aims at, and writes the answer. */
export type Dispatch = (incoming: Incoming) => Promise<Response>;

/** What answers are made of. */
export interface DispatchOptions {
  readonly app: App;
  readonly serverInfo: ServerInfo;
  readonly gate: Gate;
  readonly refuse: Refuse;
  readonly onFailure: OnFailure;
}

/**
 * Serves both eras on one URL, stateless. A plain `tools/call`, which is nearly all that hosts ever send, is answered
 * here; everything else goes to the official SDK, which is loaded when first needed. Both apply the same gate and
 * run tools by the same function.
 */
export function createDispatch(options: DispatchOptions): Dispatch {
  const { serverInfo, gate, refuse, onFailure } = options;
  let sdk: Promise<Dispatch> | undefined;
  const loadSdk = async () => (await import("./sdk_lane.ts")).createSdkLane(options);

  const answer: Dispatch = async (incoming) => {
    const { request, body, messages, principal, controller } = incoming;
    const [message] = messages;
    const call = messages.length === 1 && message && plainCall(request.headers, body, message);
    if (call) {
      const { refusal, admitted } = gate(messages, principal);
      if (refusal) return refuse(request, messages, refusal);
      const target = admitted.get(call.name);
      if (target?.tool) {
        if (message.modern) abortOnHangUp(request, controller);
        const { caller } = target;
        const result = await callTool(target.tool, call.args, {
          caller,
          signal: controller.signal,
          onFailure,
        });
        return Response.json(resultMessage(message, result, serverInfo));
      }
    }
    return await (await (sdk ??= loadSdk()))(incoming);
  };

  return async (incoming) => {
    const response = await answer(incoming);
    return acceptsJson(incoming.request) ? response : await asEventStream(response);
  };
}

/** In the modern era a caller that hangs up has cancelled; in the legacy era it has not (TRN-12). */
export function abortOnHangUp(request: Request, controller: AbortController): void {
  request.signal.addEventListener("abort", () => controller.abort(request.signal.reason), { once: true });
}
