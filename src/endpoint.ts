import type { Logger } from "@logtape/logtape";
import { authenticate } from "./auth/authenticate.ts";
import { InvalidToken, IssuerUnavailable, MalformedCredentials } from "./auth/errors.ts";
import type { Verify } from "./auth/verify.ts";
import { readJson } from "./http/body.ts";
import { HttpError } from "./http/errors.ts";
import { withTimeLimit } from "./http/time_limit.ts";
import type { Refusal } from "./mcp/gate.ts";
import type { McpHandler } from "./mcp/handler.ts";
import { messagesOf } from "./mcp/message.ts";
import type { Refuse } from "./mcp/refusal.ts";

/** What the endpoint is made of. */
export interface EndpointOptions {
  readonly verify: Verify;
  readonly handle: McpHandler;
  readonly refuse: Refuse;
  /** What a request without a token is told when the whole server needs one (MIX-06). */
  readonly signInFirst: Refusal | undefined;
  readonly log: Logger;
  readonly timeLimitMs: number;
}

/**
 * Makes the answer to a POST whose Host and Origin have passed. The order is the security argument: size (413),
 * media type (415), JSON (400), token if one was sent (401), then era and headers (400) and the access policy
 * (401, 403) in the handler.
 *
 * @throws HttpError
 */
export function createEndpoint(options: EndpointOptions): (request: Request) => Promise<Response> {
  const { verify, handle, refuse, signInFirst, log, timeLimitMs } = options;

  async function answer(request: Request, signal: AbortSignal): Promise<Response> {
    const body = await readJson(request);
    const caller = await authenticate(request.headers, verify).catch(asRefusal) ?? signInFirst;
    if (caller && "challenge" in caller) return refuse(request, messagesOf(body), caller);
    const response = await handle(request, body, caller, signal);
    if (caller) response.headers.set("cache-control", "no-store");
    return response;
  }

  /** The token's fault becomes a refusal; ours stays an error, so that nobody is signed out by our outage (AUTH-27). */
  function asRefusal(error: unknown): Refusal {
    if (error instanceof InvalidToken) {
      log.info("Refused a token: {fault}", { fault: error.fault });
      return refusal(401, "invalid_token", error.description);
    }
    if (error instanceof MalformedCredentials) return refusal(400, "invalid_request", error.description);
    if (!(error instanceof IssuerUnavailable)) throw error;
    log.warn("Cannot verify tokens: {reason}", { reason: error.message });
    throw new HttpError(
      503,
      "Tokens cannot be verified right now: the authorization server does not answer. Try again.",
      {
        "retry-after": String(error.retryAfterSeconds),
      },
    );
  }

  return (request) => withTimeLimit(timeLimitMs, (signal) => answer(request, signal));
}

function refusal(
  status: 400 | 401,
  error: "invalid_request" | "invalid_token",
  description: string,
): Refusal {
  const challenge = { error, error_description: description };
  return { status, challenge, hint: challenge, text: description };
}
