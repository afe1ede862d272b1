import type { Logger } from "@logtape/logtape";
import type { Principal } from "../auth/principal.ts";
import type { LogBudget } from "../http/log_budget.ts";
import { shown } from "../net/shown.ts";
import type { Message } from "./json_rpc.ts";
import { type ChallengeMode, dialectOf, type Refusal, type RefusalDetails } from "./refusal.ts";

/** How a request was answered. */
export interface Answered {
  readonly response: Response;
  readonly caller?: Principal | undefined;
  readonly refusal?: Refusal | undefined;
}

/** Sees how the messages of a request are answered, and changes nothing about it. */
export type ObserveCall = (
  call: { readonly request: Request; readonly messages: readonly Message[] },
  answer: () => Promise<Answered>,
) => Promise<Answered>;

/** What the log of calls is made of. */
export interface CallLogOptions {
  readonly log: Logger;
  /** Of lines about requests that were not answered as they wished. */
  readonly budget: LogBudget;
  /** Milliseconds. */
  readonly now: () => number;
  readonly mode: ChallengeMode;
  /** Calls that were not refused go to `info` as well. */
  readonly logCalls: boolean;
  /** Says what an operator can do about a fault. */
  readonly hint: (fault: string, details: RefusalDetails) => string;
}

/**
 * Makes what logs one line a request: refusals at `info`, those that are our fault at `warning`, and the rest, calls
 * without a token included, at `debug`. Who called is a hash, and of messages their method and the name of a tool or prompt are told, no more.
 */
export function createCallLog({ log, budget, now, mode, logCalls, hint }: CallLogOptions): ObserveCall {
  return async (call, answer) => {
    const started = now();
    const answered = await answer();
    const { refusal, response: { status } } = answered;
    const failed = refusal?.status === 503 || status >= 500;
    // Without a token sign-in begins: there is nothing to mend, and anybody may ask as often as they like.
    const mendable = refusal ? refusal.fault !== "no_token" : status >= 400;
    const level = failed ? "warning" : mendable || logCalls ? "info" : "debug";
    if (!log.isEnabledFor(level)) return answered;
    if ((failed || mendable) && !logCalls && !budget(refusal?.fault ?? String(status))) return answered;
    const properties = await describe(call, answered);
    const what = properties["name"] === "" ? "{method}" : "{method} {name}";
    const why = properties["reason"] ? "{fault}. {reason}" : "{fault}";
    const words = refusal ? `Refused ${what}: ${why}` : `${what} {status}`;
    log[level](words, { ...properties, ms: Math.round(now() - started) });
    return answered;
  };

  async function describe(
    { request, messages }: Parameters<ObserveCall>[0],
    { refusal, caller, response: { status } }: Answered,
  ): Promise<Record<string, unknown>> {
    const [message] = messages;
    const { fault = "" } = refusal ?? {};
    const details = refusal?.details?.() ?? {};
    return {
      method: shown(message?.method ?? ""),
      name: shown(message?.params["name"] ?? ""),
      id: shown(message?.id ?? ""),
      ...(messages.length > 1 && { messages: messages.length }),
      era: messages.some(({ modern }) => modern) ? "modern" : "legacy",
      dialect: dialectOf(mode, request, messages),
      status,
      decision: refusal ? "refused" : status < 400 ? "allowed" : "invalid",
      ...(caller && { client: shown(caller.clientId), subject: await subjectHash(caller) }),
      ...(refusal && { ...details, fault, reason: reasonOf(details, hint(fault, details)) }),
    };
  }
}

function reasonOf(details: RefusalDetails, hint: string): string {
  const facts = Object.entries(details).map(([name, value]) =>
    name === "reason" ? value : `${name}: ${value}`
  );
  return [facts.join("; "), hint].filter(Boolean).join(". ");
}

/** The same for every call of a person, so that an operator can count them and follow one. */
async function subjectHash({ issuer, subject }: Principal): Promise<string> {
  // A start does not wait for what only callers need: it is a tenth of it.
  const { hash } = await import("node:crypto");
  return hash("sha256", `${issuer} ${subject}`, "hex").slice(0, 16);
}
