import type { Challenge } from "../auth/challenge.ts";
import type { App } from "./app.ts";
import type { Refusal } from "./gate.ts";
import type { Message } from "./message.ts";

/** How a missing token is answered: `auto` looks at the host, `http` is always 401, `result` always 200. */
export type ChallengeMode = "auto" | "http" | "result";

/** Turns a refusal into the response to a request. */
export type Refuse = (request: Request, messages: readonly Message[], refusal: Refusal) => Response;

/**
 * Makes the one writer of refusals. The body is the same for all hosts: a tool call gets a *result* with
 * `isError`, a sentence and the `mcp/www_authenticate` hint (OAI-05). Only the status has two dialects: ChatGPT
 * shows its sign-in from a tool result, everyone else reacts to 401 (conflict C1). The signal that picks the
 * dialect decides nothing else (AUTH-32).
 */
export function createRefuse(
  { app, challenge, mode }: {
    readonly app: App;
    readonly challenge: Challenge;
    readonly mode: ChallengeMode;
  },
): Refuse {
  return (request, messages, refusal) => {
    const inBand = refusal.challenge.error === undefined &&
      messages.every(({ method }) => method === "tools/call") &&
      (mode === "result" || (mode === "auto" && isChatGpt(request, messages)));
    const answers = messages.filter(({ id }) => id !== undefined).map((message) => answer(message, refusal));
    const body = messages.length === 1
      ? answers[0] ?? { jsonrpc: "2.0", error: { code: -32600, message: refusal.text } }
      : answers;
    return Response.json(body, {
      status: inBand ? 200 : refusal.status,
      headers: { "www-authenticate": challenge(refusal.challenge), "cache-control": "no-store" },
    });
  };

  function answer({ id, method, modern }: Message, { hint, text }: Refusal): Record<string, unknown> {
    if (method !== "tools/call") return { jsonrpc: "2.0", id, error: { code: -32600, message: text } };
    const _meta = {
      "mcp/www_authenticate": [challenge(hint)],
      ...(modern && { "io.modelcontextprotocol/serverInfo": serverInfo(app) }),
    };
    const result = { content: [{ type: "text", text }], isError: true, _meta };
    return { jsonrpc: "2.0", id, result: modern ? { resultType: "complete", ...result } : result };
  }
}

/** The identity that results of the modern era carry (BASE-04). */
export function serverInfo({ name, title, version }: App): { name: string; title: string; version: string } {
  return { name, title, version };
}

function isChatGpt(request: Request, messages: readonly Message[]): boolean {
  return (request.headers.get("user-agent") ?? "").startsWith("openai-mcp") ||
    messages.some(({ meta }) => Object.keys(meta).some((key) => key.startsWith("openai/")));
}
