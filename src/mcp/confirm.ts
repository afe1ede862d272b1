import type {
  InputRequest,
  InputRequiredResult,
  InputResponseView,
  RequestStateCodec,
} from "@modelcontextprotocol/server";
import type { z } from "zod";
import { expectation } from "./argument_faults.ts";
import type { Principal } from "../auth/principal.ts";
import { isObject, type Message, META_PREFIX } from "./json_rpc.ts";
import { ToolError } from "./tool_error.ts";

/**
 * Asks the person. With a schema of plain members (text, numbers, yes or no, choices) it also asks for values, and
 * resolves with them.
 */
export interface Confirm {
  (message: string): Promise<void>;
  <S extends z.ZodObject>(message: string, schema: S): Promise<z.output<S>>;
}

/**
 * Puts requests to the client, as MCP words them, and goes on with its answers, which come from the client unchecked.
 * `run` ends here and begins anew with the answers, as often as it asks, so change nothing before. A client that has
 * not declared that it can answer is told so (-32021).
 *
 * @throws ToolError where the host speaks a revision before 2026-07-28; let it pass.
 */
export type RequestInput = <Name extends string>(
  requests: Readonly<Record<Name, InputRequest>>,
) => Promise<Readonly<Record<Name, InputResponseView>>>;

/** What a person is asked, and about which call. */
interface Question {
  readonly message: string;
  readonly schema: z.ZodObject | undefined;
  readonly tool: ConfirmedTool;
  /** As the caller sent them. */
  readonly args: unknown;
}

/** A tool, and its argument that says that the person has agreed. */
export interface ConfirmedTool {
  readonly name: string;
  readonly confirmedBy: string | undefined;
  /** Whether that argument is true or false. */
  readonly byBoolean?: boolean;
}

/** The call in which a person is asked. */
export interface AskingCall {
  /** As the access policy lets the tool see it. */
  readonly caller: Principal | undefined;
  readonly message: Pick<Message, "id" | "meta" | "modern">;
  readonly seal: Seal;
  /** Where this call repeats an earlier one with what the person has answered; both come from the client. */
  readonly answer?: {
    /** What `requestState` holds; its seal was checked. */
    readonly state: State | undefined;
    readonly responses: Responses;
  } | undefined;
}

type Responses = Record<string, unknown> | undefined;

/** The requests that are open, by their digest, and those that were answered before in the same call. */
export interface State {
  readonly asked: string;
  readonly answered: Readonly<Record<string, Responses>>;
}

/** Ends a `run` whose question has to be answered first; the result puts the question. */
export class InputRequired extends Error {
  override readonly name = "InputRequired";

  constructor(readonly result: InputRequiredResult) {
    super("The person has to be asked first.");
  }
}

/** Seals `requestState`, which travels through the client; loads the SDK when first needed. */
export type Seal = () => Promise<RequestStateCodec<State>>;

/** How long a question can be answered. */
const ANSWER_SECONDS = 600;
const KEY = "confirm";
const KINDS = { "elicitation/create": "elicit", "sampling/createMessage": "sampling", "roots/list": "roots" };

/**
 * @param key Text of at least 32 bytes that all processes of a server share. Without one it is made up, so that a
 * question can only be answered to the process that asked it.
 */
export function createSeal(key: string | undefined): Seal {
  let codec: ReturnType<Seal> | undefined;
  const create = async () => {
    const { createRequestStateCodec } = await import("@modelcontextprotocol/server");
    return createRequestStateCodec<State>({
      key: key ?? crypto.getRandomValues(new Uint8Array(32)),
      ttlSeconds: ANSWER_SECONDS,
    });
  };
  return () => codec ??= create();
}

/**
 * Gives back what the person has answered in this call, or asks.
 *
 * @throws InputRequired to ask by way of the host.
 * @throws ToolError when the person says no, or when only the model can ask.
 */
export async function askPerson(question: Question, call: AskingCall): Promise<unknown> {
  const { message, schema, tool, args } = question;
  if (!schema && isConfirmed(tool, args)) return;
  if (!canAsk(call.message)) throw new ToolError(askInWords(question));
  const { inputRequired } = await import("@modelcontextprotocol/server");
  const requestedSchema = schema ?? { type: "object" as const, properties: {} };
  const requests = { [KEY]: inputRequired.elicit({ message, requestedSchema }) };
  return await requestInput(requests, question, call, ({ [KEY]: answer }) => {
    if (answer?.kind !== "elicit") return undefined;
    if (answer.action !== "accept") throw new ToolError("The person did not agree. Nothing was done.");
    return schema ? schema.safeParse(answer.content ?? {}, { error: expectation }).data : {};
  });
}

/**
 * Gives back what the client has answered to these requests, or puts them. Answers count for the same caller, tool or
 * prompt, arguments and requests only; to everything else it is as if nobody had answered.
 *
 * @param accept Makes something of the answers; undefined where they do not do, so that the requests are put again.
 * @throws InputRequired to put the requests.
 * @throws ToolError in the legacy era, where nothing can be put.
 */
export async function requestInput<T>(
  requests: Readonly<Record<string, InputRequest>>,
  { tool, args }: Pick<Question, "tool" | "args">,
  { caller, message, answer, seal }: AskingCall,
  accept: (answers: Readonly<Record<string, InputResponseView>>) => T | undefined,
): Promise<T> {
  if (!message.modern) {
    throw new ToolError("Nothing was done. This needs a host that can ask, and this one cannot.");
  }
  const { inputRequired, inputResponse } = await import("@modelcontextprotocol/server");
  const asking = await digest([caller?.issuer, caller?.subject, tool.name, args, requests]);
  const { asked = "", answered = {} } = answer?.state ?? {};
  // Those of earlier rounds come with the seal, since `run` begins anew and puts its first requests again, too.
  const known = { ...answered, [asked]: answer?.responses };
  const answers: Record<string, InputResponseView> = {};
  for (const name in requests) answers[name] = inputResponse(known[asking], name);
  const fit = Object.entries(requests).every(([name, { method }]) => answers[name]!.kind === KINDS[method]);
  const accepted = fit ? accept(answers) : undefined;
  if (accepted !== undefined) return accepted;
  const requestState = await (await seal()).mint({ asked: asking, answered: known });
  throw new InputRequired(inputRequired({ inputRequests: requests, requestState }));
}

/** Whether a result asks for what the client has not declared. */
export function asksTooMuch(
  { inputRequests = {} }: Record<string, unknown>,
  { meta }: Pick<Message, "meta">,
) {
  const declared = meta[`${META_PREFIX}clientCapabilities`];
  return Object.values(inputRequests as Record<string, InputRequest>).some(({ method }) =>
    !isObject(declared) || !isObject(declared[method.split("/")[0]!])
  );
}

function isConfirmed({ confirmedBy }: ConfirmedTool, args: unknown): boolean {
  const given = confirmedBy !== undefined && isObject(args) ? args[confirmedBy] : undefined;
  return given !== undefined && given !== false;
}

/** An elicitation capability that names no mode means forms (MCP 2026-07-28, elicitation). */
function canAsk({ modern, meta }: AskingCall["message"]): boolean {
  const capabilities = meta[`${META_PREFIX}clientCapabilities`];
  const elicitation = modern && isObject(capabilities) ? capabilities["elicitation"] : undefined;
  return isObject(elicitation) && (isObject(elicitation["form"]) || elicitation["url"] === undefined);
}

function askInWords({ message, schema, tool: { name, confirmedBy, byBoolean } }: Question): string {
  const again = schema
    ? `Then call ${name} again, with their answer among the arguments.`
    : confirmedBy
    ? `If they agree, call ${name} again with the same arguments and "${confirmedBy}"${
      byBoolean ? ": true" : ""
    }.`
    : "This needs a host that can ask, and this one cannot.";
  return `Nothing was done. Ask the person first: "${message.replaceAll('"', "'")}" ${again}`;
}

async function digest(facts: readonly unknown[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(facts));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toBase64();
}
