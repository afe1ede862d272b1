import { authenticate } from "../auth/bearer.ts";
import { InvalidToken, IssuerUnavailable, MalformedCredentials } from "../auth/errors.ts";
import type { Principal } from "../auth/principal.ts";
import type { Verify } from "../auth/verify.ts";
import { readJson } from "../http/body.ts";
import { type RateLimit, TooManyCalls } from "../http/rate_limit.ts";
import { HttpError } from "../http/errors.ts";
import { type Deadline, withDeadline } from "../net/deadline.ts";
import type { Answered, ObserveCall } from "./call_log.ts";
import type { Dispatch, Incoming } from "./dispatch.ts";
import { type Message, parseMessages } from "./json_rpc.ts";
import type { Refusal, RefusalDetails, Refuse } from "./refusal.ts";

/** What the endpoint is made of. */
export interface EndpointOptions {
  readonly verify: Verify;
  readonly rateLimit: RateLimit;
  readonly dispatch: Dispatch;
  readonly refuse: Refuse;
  /** What a request without a token is told when the whole server needs one (MIX-06). */
  readonly signInFirst: Refusal | undefined;
  readonly observeCall: ObserveCall;
  readonly timeLimitMs: number;
}

/** Characters of `openai/subject`. */
const MAX_HINT = 200;

/**
 * Answers a POST from a client's address, whose Host and Origin have passed.
 *
 * @param framed It came over a connection, on which no more can arrive than was declared.
 * @throws HttpError
 */
export type Endpoint = (request: Request, address: string | undefined, framed: boolean) => Promise<Response>;

/**
 * Makes the endpoint. The order is the security argument: size (413), media type (415), JSON (400), budget of the
 * address before anything is asked about a token (429), the token if one was sent (401), budget of the account (429),
 * then era and headers (400) and the access policy (401, 403) in the handler.
 */
export function createEndpoint(options: EndpointOptions): Endpoint {
  const { verify, rateLimit, dispatch, refuse, signInFirst, observeCall, timeLimitMs } = options;

  async function answer(
    request: Request,
    address: string | undefined,
    framed: boolean,
    deadline: Deadline,
  ): Promise<Response> {
    const body = await readJson(request, deadline, framed);
    const messages = parseMessages(body);
    const { response } = await observeCall(
      { request, messages },
      () => decide({ request, body, messages, deadline }, address),
    );
    return response;
  }

  async function decide(
    asked: Omit<Incoming, "principal" | "refuse">,
    address: string | undefined,
  ): Promise<Answered> {
    const { request, messages } = asked;
    const calls = Math.max(1, messages.length);
    const budget = {
      spendToken: () => rateLimit.countToken(address, calls),
      spendQuestion: () => rateLimit.countQuestion(address),
    };
    let caller: Principal | undefined;
    let refused: Refusal | undefined;
    try {
      caller = await authenticate(request.headers, verify, budget);
      if (caller) {
        rateLimit.countAccount(`${caller.issuer} ${caller.subject}`, calls);
      } else {
        rateLimit.countAnonymous(address, subjectHint(messages), calls);
        refused = signInFirst;
      }
    } catch (error) {
      refused = asRefusal(error);
      // What is our fault waits for nothing.
      if (refused.status !== 503) await rateLimit.countRefused(address);
    }
    if (refused) return { response: refuse(request, messages, refused), refusal: refused };
    const response = await dispatch({
      ...asked,
      principal: caller,
      refuse: (refusal) => refuse(request, messages, refused = refusal),
    });
    if (caller) response.headers.set("cache-control", "no-store");
    return { response, caller, refusal: refused };
  }

  /** The token's fault and ours are kept apart, so that nobody is signed out by an outage (AUTH-27). */
  function asRefusal(error: unknown): Refusal {
    if (error instanceof InvalidToken) {
      const { fault, description } = error;
      return badCredentials(401, "invalid_token", description, fault, () => error.details);
    }
    if (error instanceof MalformedCredentials) {
      const { description } = error;
      return badCredentials(
        400,
        "invalid_request",
        description,
        "malformed",
        () => ({ reason: description }),
      );
    }
    if (error instanceof TooManyCalls) return tooMany(error);
    if (!(error instanceof IssuerUnavailable)) throw error;
    const { code, message, retryAfterSeconds } = error;
    const text =
      "Tokens cannot be verified right now, because the authorization server does not answer. Try again soon.";
    return { status: 503, text, retryAfterSeconds, fault: code, details: () => ({ reason: message }) };
  }

  const timeUp = () =>
    new HttpError(503, `The request took longer than ${timeLimitMs / 1000} seconds and was given up.`);
  return (request, address, framed) =>
    withDeadline(
      timeLimitMs,
      timeUp,
      (deadline) => answer(request, address, framed, deadline),
    );
}

/** What ChatGPT calls the person; it may lie, so nothing but the budget looks at it. */
function subjectHint(messages: readonly Message[]): string | undefined {
  const hint = messages[0]?.meta["openai/subject"];
  return typeof hint === "string" ? hint.slice(0, MAX_HINT) : undefined;
}

function tooMany({ retryAfterSeconds, budget }: TooManyCalls): Refusal {
  return {
    status: 429,
    fault: "too_many_calls",
    details: () => ({ budget }),
    text: `Too many calls. Try again in ${retryAfterSeconds} seconds.`,
    retryAfterSeconds,
  };
}

function badCredentials(
  status: 400 | 401,
  error: "invalid_request" | "invalid_token",
  description: string,
  fault: string,
  details: () => RefusalDetails,
): Refusal {
  const params = { error, error_description: description };
  return { status, fault, details, text: description, challenge: { header: params, hint: params } };
}
