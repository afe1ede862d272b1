import type { Logger } from "@logtape/logtape";
import { authenticate } from "../auth/authenticate.ts";
import { InvalidToken, IssuerUnavailable, MalformedCredentials } from "../auth/errors.ts";
import type { Principal } from "../auth/principal.ts";
import type { Verify } from "../auth/verify.ts";
import { readJson } from "../http/body.ts";
import { type RateLimit, TooManyCalls } from "../http/rate_limit.ts";
import { HttpError } from "../http/errors.ts";
import { withDeadline } from "../net/deadline.ts";
import type { Dispatch, Incoming } from "./dispatch.ts";
import { type Message, parseMessages } from "./json_rpc.ts";
import type { Refusal, Refuse } from "./refusal.ts";

/** What the endpoint is made of. */
export interface EndpointOptions {
  readonly verify: Verify;
  readonly rateLimit: RateLimit;
  readonly dispatch: Dispatch;
  readonly refuse: Refuse;
  /** What a request without a token is told when the whole server needs one (MIX-06). */
  readonly signInFirst: Refusal | undefined;
  readonly log: Logger;
  readonly timeLimitMs: number;
}

/** Characters of `openai/subject`. */
const MAX_HINT = 200;
/** Scopes of a token. */
const MAX_LOGGED = 20;
const MAX_CLAIM_NAMES = 50;
const MAX_CLAIM_NAME = 100;

/** Answers a POST from a client's address, whose Host and Origin have passed. @throws HttpError */
export type Endpoint = (request: Request, address: string | undefined) => Promise<Response>;

/**
 * Makes the endpoint. The order is the security argument: size (413), media type (415), JSON (400), budget of the
 * address before anything is asked about a token (429), the token if one was sent (401), budget of the account (429),
 * then era and headers (400) and the access policy (401, 403) in the handler.
 */
export function createEndpoint(options: EndpointOptions): Endpoint {
  const { verify, rateLimit, dispatch, refuse, signInFirst, log, timeLimitMs } = options;

  async function answer(
    request: Request,
    address: string | undefined,
    signal: AbortSignal,
    extend: Incoming["extend"],
  ): Promise<Response> {
    const body = await readJson(request, signal);
    const messages = parseMessages(body);
    const { caller, refusal } = await identify(request.headers, messages, address);
    if (refusal) return refuse(request, messages, refusal);
    const response = await dispatch({ request, body, messages, principal: caller, signal, extend });
    if (caller) {
      response.headers.set("cache-control", "no-store");
      if (response.status === 403) logScopes(caller);
    }
    return response;
  }

  async function identify(
    headers: Headers,
    messages: readonly Message[],
    address: string | undefined,
  ): Promise<{ readonly caller?: Principal | undefined; readonly refusal?: Refusal | undefined }> {
    const calls = Math.max(1, messages.length);
    const budget = {
      spendToken: () => rateLimit.countToken(address, calls),
      spendQuestion: () => rateLimit.countQuestion(address),
    };
    try {
      const caller = await authenticate(headers, verify, budget);
      if (caller) {
        rateLimit.countAccount(`${caller.issuer} ${caller.subject}`, calls);
        return { caller };
      }
      rateLimit.countAnonymous(address, subjectHint(messages), calls);
      return { refusal: signInFirst };
    } catch (error) {
      return { refusal: asRefusal(error) };
    }
  }

  /** The names of the claims, never their values, tell an operator where an issuer puts its scopes. */
  function logScopes({ clientId, scopes, claims }: Principal): void {
    const names = Object.keys(claims).slice(0, MAX_CLAIM_NAMES).map((name) => name.slice(0, MAX_CLAIM_NAME));
    log.info(
      "Refused a call for want of scope: {client} has {scopes}, and its claims are {claims}. " +
        "SCOPE_CLAIMS says which of them hold scopes",
      { client: clientId, scopes: [...scopes].slice(0, MAX_LOGGED).join(" "), claims: names.join(" ") },
    );
  }

  /** The token's fault and ours are kept apart, so that nobody is signed out by an outage (AUTH-27). */
  function asRefusal(error: unknown): Refusal {
    if (error instanceof InvalidToken) {
      log.info("Refused a token: {fault}", { fault: error.fault });
      return badCredentials(401, "invalid_token", error.description);
    }
    if (error instanceof MalformedCredentials) {
      return badCredentials(400, "invalid_request", error.description);
    }
    if (error instanceof TooManyCalls) return tooMany(error.retryAfterSeconds);
    if (!(error instanceof IssuerUnavailable)) throw error;
    log.warn("Cannot verify tokens: {reason}", { reason: error.message });
    const text =
      "Tokens cannot be verified right now, because the authorization server does not answer. Try again soon.";
    return { status: 503, text, retryAfterSeconds: error.retryAfterSeconds };
  }

  const timeUp = () =>
    new HttpError(503, `The request took longer than ${timeLimitMs / 1000} seconds and was given up.`);
  return (request, address) =>
    withDeadline(
      timeLimitMs,
      timeUp,
      ({ signal }, extend) => answer(request, address, signal, extend),
    );
}

/** What ChatGPT calls the person; it may lie, so nothing but the budget looks at it. */
function subjectHint(messages: readonly Message[]): string | undefined {
  const hint = messages[0]?.meta["openai/subject"];
  return typeof hint === "string" ? hint.slice(0, MAX_HINT) : undefined;
}

function tooMany(retryAfterSeconds: number): Refusal {
  return {
    status: 429,
    text: `Too many calls. Try again in ${retryAfterSeconds} seconds.`,
    retryAfterSeconds,
  };
}

function badCredentials(
  status: 400 | 401,
  error: "invalid_request" | "invalid_token",
  description: string,
): Refusal {
  const params = { error, error_description: description };
  return { status, text: description, challenge: { header: params, hint: params } };
}
