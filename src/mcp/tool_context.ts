import type { Logger } from "@logtape/logtape";
import type { z } from "zod";
import type { UpstreamTarget, UpstreamToken } from "../auth/token_exchange.ts";
import type { Deadline } from "../net/deadline.ts";
import type { Access, CallerOf, ClaimsOf } from "./access.ts";
import {
  type AskingCall,
  askPerson,
  type Confirm,
  type ConfirmedTool,
  type RequestInput,
  requestInput,
} from "./confirm.ts";
import { isObject, META_PREFIX } from "./json_rpc.ts";

/** What `run` is told besides its arguments, and what it may do besides answering. */
export interface ToolContext<A extends Access> {
  /** From the verified token; its type follows the access level. */
  readonly caller: CallerOf<A>;
  /** Every claim of the caller's token, verified; frozen. */
  readonly claims: ClaimsOf<A>;
  /** Fires when the caller has gone or the time is up. */
  readonly signal: AbortSignal;
  /** The language that the host asks for, a well-formed BCP 47 tag such as `pt-BR` (OAI-18). */
  readonly locale: string | undefined;
  /** `_meta` of the request: hints of the host, which anybody can make up. Never decide on access by them. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** What the client says of itself; undefined in the legacy era, where it says so in another request. */
  readonly client: ClientClaims | undefined;
  /** Its records carry the tool's name and the request's id; secrets are redacted. */
  readonly log: Logger;
  /**
   * Tells the caller how far the call has come, where the caller wants to know and the tool has `progress: true`;
   * does nothing otherwise.
   *
   * @param done Has to grow with every report; one that does not is left out.
   */
  readonly progress: (done: number, total?: number, message?: string) => void;
  /**
   * Goes on once the person has agreed; at most once in a call. Where the host can ask (elicitation, 2026-07-28),
   * `run` ends here and begins anew with the answer, so change nothing before, and put the same question to the same
   * arguments. Elsewhere the model is told to ask, and to call again with the argument that `confirmedBy` names.
   *
   * @throws ToolError when the person says no, or has to be asked by the model; let it pass.
   */
  readonly confirm: Confirm;
  /** For whatever `confirm` cannot ask. */
  readonly requestInput: RequestInput;
  /** A token for another API on behalf of the caller; only for tools that declare `upstream`. */
  readonly tokenFor: TokenFor;
}

/**
 * Gets a token for an upstream API on behalf of the caller.
 *
 * @throws ToolError in words for the model: nobody has signed in, the issuer refuses, or it cannot be asked.
 */
export type TokenFor = (target: UpstreamTarget) => Promise<UpstreamToken>;

/** What a client says of itself; nothing vouches for it. */
export interface ClientClaims {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly capabilities: Readonly<Record<string, unknown>>;
}

/** A report on a call that goes on. */
export interface Progress {
  readonly progress: number;
  readonly total: number | undefined;
  readonly message: string | undefined;
}

/** A call that the gate has admitted, as the lanes hand it to a tool. */
export interface ToolCall extends AskingCall {
  /** What ends the call early besides its own time limit. */
  readonly signals: () => AbortSignal[];
  readonly log: Logger;
  /** Where there is an event stream to the caller. */
  readonly report?: ((progress: Progress) => void) | undefined;
  /** Where the tool has declared that it calls other APIs on behalf of its callers. */
  readonly tokenFor?: TokenFor | undefined;
}

const LOCALE_HINTS = ["openai/locale", "webplus/i18n"];
/** The longest tag that RFC 5646 section 4.4.1 asks everyone to store. */
const MAX_LOCALE = 35;
const MAX_CLIENT = 200;

/** Made for every call, so each member is worked out only when a tool asks for it. */
export class CallContext<A extends Access> implements ToolContext<A> {
  readonly #tool: ConfirmedTool;
  readonly #args: unknown;
  readonly #call: ToolCall;
  readonly #deadline: Deadline;
  #signal: AbortSignal | undefined;
  #reported = -Infinity;
  #asked = false;

  /** @param deadline Of the tool's own time. */
  constructor(
    tool: ConfirmedTool,
    args: unknown,
    call: ToolCall,
    deadline: Deadline,
  ) {
    this.#tool = tool;
    this.#args = args;
    this.#call = call;
    this.#deadline = deadline;
  }

  get caller() {
    return this.#call.caller as CallerOf<A>;
  }

  get claims() {
    return this.#call.caller?.claims as ClaimsOf<A>;
  }

  get signal() {
    return this.#signal ??= AbortSignal.any([this.#deadline.signal, ...this.#call.signals()]);
  }

  get locale() {
    return localeOf(this.#call.message.meta);
  }

  get meta() {
    return this.#call.message.meta;
  }

  get client() {
    return clientOf(this.#call.message);
  }

  get log() {
    const { log, message } = this.#call;
    return log.with({ tool: this.#tool.name, requestId: message.id });
  }

  get progress() {
    return (done: number, total?: number, message?: string) => {
      const { report } = this.#call;
      if (!report || !(done > this.#reported)) return;
      this.#reported = done;
      report({ progress: done, total, message });
    };
  }

  get tokenFor(): TokenFor {
    const undeclared = `Cannot get a token for another API: declare "upstream: true" in ${this.#tool.name}.`;
    return this.#call.tokenFor ?? (() => Promise.reject(new Error(undeclared)));
  }

  get confirm(): Confirm {
    return async (message: string, schema?: z.ZodObject) => {
      if (this.#asked) throw new Error("confirm can be used once in a call: ask everything in one question.");
      this.#asked = true;
      const question = { message, schema, tool: this.#tool, args: this.#args };
      return await askPerson(question, this.#call) as never;
    };
  }

  get requestInput(): RequestInput {
    const about = { tool: this.#tool, args: this.#args };
    return async (requests) => await requestInput(requests, about, this.#call, (answers) => answers);
  }
}

function localeOf(meta: ToolCall["message"]["meta"]): string | undefined {
  const hint = LOCALE_HINTS.map((name) => meta[name]).find((value) => typeof value === "string");
  if (hint === undefined || hint.length > MAX_LOCALE) return undefined;
  try {
    return new Intl.Locale(hint).toString();
  } catch {
    return undefined;
  }
}

function clientOf({ modern, meta }: ToolCall["message"]): ClientClaims | undefined {
  if (!modern) return undefined;
  const info = meta[`${META_PREFIX}clientInfo`];
  const capabilities = meta[`${META_PREFIX}clientCapabilities`];
  const text = (value: unknown) => typeof value === "string" ? value.slice(0, MAX_CLIENT) : undefined;
  return {
    name: isObject(info) ? text(info["name"]) : undefined,
    version: isObject(info) ? text(info["version"]) : undefined,
    capabilities: isObject(capabilities) ? capabilities : {},
  };
}
