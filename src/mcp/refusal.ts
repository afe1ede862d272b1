import type { Challenge, ChallengeParams } from "../auth/challenge.ts";
import {
  errorMessage,
  INTERNAL_ERROR,
  INVALID_REQUEST,
  type Message,
  resultMessage,
  type ServerInfo,
} from "./json_rpc.ts";

/** By name; see the refusal that has them. */
export type RefusalDetails = Readonly<Record<string, unknown>>;

/** Why a request is refused before anything of it runs, in every form that a host may read. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 429 | 503;
  /** A sentence for the model: the cause, and what to do. */
  readonly text: string;
  /** What would help when credentials are the matter. */
  readonly challenge?: {
    /** For the `WWW-Authenticate` header. */
    readonly header: ChallengeParams;
    /** For `mcp/www_authenticate`, which needs an error and a description even when no token was sent (conflict C2). */
    readonly hint: ChallengeParams;
  };
  /** When to try again, if time is the matter. */
  readonly retryAfterSeconds?: number;
  /** In one word, for the log and for counting. */
  readonly fault: string;
  /** Says, for the log, what was expected and what came, bounded. */
  readonly details?: () => RefusalDetails;
}

/** How a missing token is answered: `auto` looks at the host, `http` is always 401, `result` always 200. */
export type ChallengeMode = "auto" | "http" | "result";

/** Turns a refusal into the response to a request. */
export type Refuse = (request: Request, messages: readonly Message[], refusal: Refusal) => Response;

/**
 * Makes the one writer of refusals. The body is the same for all hosts: a tool call gets a *result* with
 * `isError`, a sentence and the `mcp/www_authenticate` hint (OAI-05). Only the status of a missing token has two
 * dialects: ChatGPT shows its sign-in from a tool result, everyone else reacts to 401 (conflict C1). The signal
 * that picks the dialect decides nothing else (AUTH-32).
 */
export function createRefuse(
  { serverInfo, challenge, mode }: {
    readonly serverInfo: ServerInfo;
    readonly challenge: Challenge;
    readonly mode: ChallengeMode;
  },
): Refuse {
  return (request, messages, refusal) => {
    const answers = messages.filter(({ id }) => id !== undefined).map((message) => answer(message, refusal));
    const body = messages.length === 1 ? answers[0] ?? error(undefined, refusal) : answers;
    const { challenge: params, retryAfterSeconds } = refusal;
    return new Response(JSON.stringify(body), {
      status: isInBand(request, messages, refusal) ? 200 : refusal.status,
      headers: {
        "content-type": "application/json",
        "cache-control": "no-store",
        ...(params && { "www-authenticate": challenge(params.header) }),
        ...(retryAfterSeconds && { "retry-after": String(retryAfterSeconds) }),
      },
    });
  };

  function answer(message: Message, refusal: Refusal): Record<string, unknown> {
    if (message.method !== "tools/call") return error(message.id, refusal);
    const hint = refusal.challenge && { "mcp/www_authenticate": [challenge(refusal.challenge.hint)] };
    const result = { content: [{ type: "text", text: refusal.text }], isError: true, _meta: { ...hint } };
    return resultMessage(message, result, serverInfo);
  }

  function isInBand(request: Request, messages: readonly Message[], { status, challenge }: Refusal): boolean {
    const noTokenSent = status === 401 && challenge?.header.error === undefined;
    if (!noTokenSent || messages.some(({ method }) => method !== "tools/call")) return false;
    return dialectOf(mode, request, messages) === "result";
  }
}

/** How the host of a request is answered when a token is missing. */
export function dialectOf(
  mode: ChallengeMode,
  request: Request,
  messages: readonly Message[],
): "http" | "result" {
  if (mode !== "auto") return mode;
  return isChatGpt(request, messages) ? "result" : "http";
}

function error(id: Message["id"], { status, text }: Refusal): Record<string, unknown> {
  return errorMessage(id, status >= 500 ? INTERNAL_ERROR : INVALID_REQUEST, text);
}

function isChatGpt(request: Request, messages: readonly Message[]): boolean {
  return (request.headers.get("user-agent") ?? "").startsWith("openai-mcp") ||
    messages.some(({ meta }) => Object.keys(meta).some((key) => key.startsWith("openai/")));
}
