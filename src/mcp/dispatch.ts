import type { Logger } from "@logtape/logtape";
import type { Principal } from "../auth/principal.ts";
import type { App } from "./app.ts";
import { callTool, type OnFailure } from "./call.ts";
import { asksTooMuch, type Seal } from "./confirm.ts";
import { acceptsJson, asEventStream, wantsProgress } from "./event_stream.ts";
import { type Admission, type Admitted, type Gate, targetOf } from "./gate.ts";
import type { Message, ServerInfo } from "./json_rpc.ts";
import { createFixedAnswers, type PlainRequest, plainRequest, toolAnswer } from "./plain_lane.ts";
import type { Refusal } from "./refusal.ts";
import type { CreateTokenFor } from "./token_for.ts";

/** A POST of the MCP endpoint: its body is parsed and its token verified. */
export interface Incoming {
  /** Its body has been read. */
  readonly request: Request;
  readonly body: unknown;
  /** The messages in `body`. */
  readonly messages: readonly Message[];
  readonly principal: Principal | undefined;
  /** Aborts when the time for the request is up. */
  readonly signal: AbortSignal;
  /** Writes the answer to a request that is refused. */
  readonly refuse: (refusal: Refusal) => Response;
  /** Gives the request so many milliseconds more: a tool has a time limit of its own. */
  readonly extend: (ms: number) => void;
}

/** Answers a request: applies the access policy, runs what it aims at, and writes the answer. */
export type Dispatch = (incoming: Incoming) => Promise<Response>;

/** Answers by way of the SDK. @param admission What the gate has said, if it was asked already. */
export type SdkLane = (incoming: Incoming, admission?: Admission) => Promise<Response>;

/** What answers are made of. */
export interface DispatchOptions {
  readonly app: App;
  readonly serverInfo: ServerInfo;
  readonly gate: Gate;
  readonly onFailure: OnFailure;
  readonly log: Logger;
  readonly seal: Seal;
  /** How often an event stream that has nothing to say shows that it is alive, in milliseconds. */
  readonly keepAliveMs: number;
  /** For tools that call other APIs on behalf of the caller. */
  readonly tokenFor?: CreateTokenFor | undefined;
  /** Lets the SDK answer everything: for tests that compare the two lanes. */
  readonly sdkOnly?: boolean | undefined;
}

/**
 * Serves both eras on one URL, stateless. What hosts send all day, plain requests of one message, is answered here:
 * tools are called, and answers that never change are remembered. Everything else goes to the official SDK, which is
 * loaded when first needed. Both lanes apply the same gate and run tools by the same function.
 */
export function createDispatch(options: DispatchOptions): Dispatch {
  let sdk: Promise<SdkLane> | undefined;
  const loadSdk = async () => (await import("./sdk_lane.ts")).createSdkLane(options);
  const sdkLane: SdkLane = async (...asked) => await (await (sdk ??= loadSdk()))(...asked);
  const answer: Dispatch = options.sdkOnly
    ? (incoming) => sdkLane(incoming)
    : createPlainLane(options, sdkLane);
  return async (incoming) => {
    const response = await answer(incoming);
    return acceptsJson(incoming.request) ? response : await asEventStream(response);
  };
}

function createPlainLane(
  { serverInfo, gate, onFailure, log, seal, tokenFor }: DispatchOptions,
  sdkLane: SdkLane,
): Dispatch {
  const fixed = createFixedAnswers();
  return async (incoming) => {
    const { request, body, messages, principal, refuse } = incoming;
    const [message] = messages;
    const plain = messages.length === 1 && message && plainRequest(request.headers, body, message);
    if (!plain) return await sdkLane(incoming);
    const admission = gate(messages, principal);
    if (admission.refusal) return refuse(admission.refusal);
    const target = admission.admitted.get(targetOf(plain.method, message.params) ?? "");
    if (target?.tool) {
      const { tool, caller } = target;
      if (tool.progress && wantsProgress(request, messages)) return await sdkLane(incoming, admission);
      incoming.extend(tool.timeLimitMs);
      const result = await callTool(tool, plain.args, {
        ...{ caller, message, log, seal },
        signals: () => endings(incoming, message.modern),
        tokenFor: tool.upstream ? tokenFor?.(request, tool, caller) : undefined,
      }, onFailure);
      // Let the SDK say what the client would have to declare; it runs the tool anew, as every question does.
      if (asksTooMuch(result, message)) return await sdkLane(incoming, admission);
      return toolAnswer(message, result, serverInfo);
    }
    if (!isFixed(plain, target)) return await sdkLane(incoming, admission);
    return fixed.get(plain, message.modern) ??
      await fixed.remember(plain, message.modern, await sdkLane(incoming, admission));
  };
}

/** Lists and who the server is are the same for everybody (conflict C9), and so is what an address of a widget holds. */
function isFixed({ method, subject }: PlainRequest, target: Admitted | undefined): boolean {
  if (method === "tools/call") return false;
  if (method !== "resources/read") return true;
  // A widget has one current address and any number of older ones.
  return target?.resource?.fixed === true && target.resource.descriptor.uri === subject;
}

/** In the modern era a caller that hangs up has cancelled; in the legacy era it has not (TRN-12). */
export function endings({ request, signal }: Incoming, modern: boolean): AbortSignal[] {
  return modern ? [signal, request.signal] : [signal];
}
