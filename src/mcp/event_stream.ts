import type { Message } from "./json_rpc.ts";

/** Whether a client takes JSON; only one that asks for a stream and nothing else gets a stream. */
export function acceptsJson(request: Request): boolean {
  const accept = request.headers.get("accept") ?? "";
  return accept.includes("json") || accept.includes("*/*") || !accept.includes("text/event-stream");
}

/** Whether the caller of a tool has asked for reports on its progress, and can read them. */
export function wantsProgress({ headers }: Request, messages: readonly Message[]): boolean {
  return (headers.get("accept") ?? "").includes("text/event-stream") &&
    messages.some(({ meta }) => isProgressToken(meta["progressToken"]));
}

/** What `progressToken` may be. */
export function isProgressToken(token: unknown): token is string | number {
  return typeof token === "string" || Number.isSafeInteger(token);
}

/**
 * A JSON answer as a stream that ends with it, one event a message (TRN-06, TRN-09). It is complete by then. Errors of HTTP stay JSON (AUTH-08), as does a 202 without body.
 */
export async function asEventStream(response: Response): Promise<Response> {
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  if (response.status !== 200 || !isJson) return response;
  const messages: unknown[] = [await response.json()].flat();
  const events = messages.map((message) => `event: message\ndata: ${JSON.stringify(message)}\n\n`);
  const headers = new Headers(response.headers);
  headers.set("content-type", "text/event-stream");
  headers.set("cache-control", "no-store");
  headers.set("x-accel-buffering", "no");
  return new Response(events.join(""), { headers });
}
