import { type Era, rpc, toolCall } from "../support.ts";
import type { Issuer } from "./issuer.ts";
import { wire } from "./load.ts";
import { loans, search, WIDGET } from "./library.js";

/** What is measured: requests, sent in turn, and what their answers have to say. */
export interface Question {
  readonly name: string;
  readonly requests: readonly Uint8Array<ArrayBuffer>[];
  /** The part of the answer that has to be the same from everybody; undefined when it is missing. */
  readonly essence: (answer: Answer) => unknown;
}

/** The status of an answer, and the members of results that are compared. */
export interface Answer {
  readonly status: number;
  readonly result: {
    readonly isError?: boolean;
    readonly content?: readonly { readonly type: string; readonly text?: string }[];
    readonly structuredContent?: unknown;
    readonly tools?: readonly { readonly name: string }[];
    readonly contents?: readonly { readonly text: string }[];
    readonly capabilities?: { readonly tools?: unknown };
  };
}

const MANY = 1_000;
/** All servers speak it without a session. */
const ERA: Era = "legacy";
const clientInfo = { name: "bench", version: "1.0.0" };

/** The data of a tool, from its structured content or, where a server has none, from its text. */
export function data({ result: { structuredContent, content } }: Answer): unknown {
  return structuredContent ?? (content && JSON.parse(content.at(-1)?.text ?? "null"));
}

/** The questions that every server is asked, each as a client sends it. */
export async function questions(issuer: Issuer): Promise<readonly Question[]> {
  const signedIn = await callsWithTokens(issuer, loans.name, MANY);
  const one = async (name: string, request: Request, essence: Question["essence"]): Promise<Question> => ({
    name,
    requests: [await wire(request)],
    essence,
  });
  return [
    await one("anonymous", toolCall(ERA, search.name), data),
    { name: "signed in, 1 token", requests: signedIn.slice(0, 1), essence: data },
    { name: "signed in, 1,000 tokens", requests: signedIn, essence: data },
    // Some have no challenge for one tool of several: there the tool itself says no.
    await one(
      "denied",
      toolCall(ERA, loans.name),
      ({ status, result }) => status === 401 || result.isError === true || undefined,
    ),
    await one("tools/list", rpc(ERA, "tools/list"), ({ result }) => result.tools?.map(({ name }) => name)),
    await one(
      "widget",
      rpc(ERA, "resources/read", { uri: WIDGET.uri }),
      ({ result }) => result.contents?.map(({ text }) => text),
    ),
    await one(
      "initialize",
      rpc("legacy", "initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo }),
      ({ result }) => result.capabilities?.tools && true,
    ),
    await one(
      "server/discover",
      rpc("modern", "server/discover"),
      ({ result }) => result.capabilities?.tools && true,
    ),
  ];
}

/** Calls of a tool, each by another person. @param keyId Of the key that signs their tokens. */
export async function callsWithTokens(
  issuer: Issuer,
  tool: string,
  count: number,
  keyId?: string,
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  return await Promise.all(Array.from({ length: count }, async (_, index) => {
    const token = await issuer.token(`person-${index}`, keyId);
    return await wire(toolCall(ERA, tool, {}, { token }));
  }));
}

/** The tool that is for everyone, called by people who are signed in, with one token and with many. */
export async function signedInSearch(issuer: Issuer): Promise<readonly [one: Question, many: Question]> {
  const requests = await callsWithTokens(issuer, search.name, MANY);
  const essence = (answer: Answer) => {
    const said = data(answer) as { readonly signedIn: boolean };
    return said.signedIn ? said : undefined;
  };
  return [
    { name: "search_books, 1 token", requests: requests.slice(0, 1), essence },
    { name: "search_books, 1,000 tokens", requests, essence },
  ];
}

/** Calls for which no server finds the token in a cache, since it has never seen it. */
export async function unseenTokens(issuer: Issuer, count: number): Promise<Question> {
  const requests = await callsWithTokens(issuer, loans.name, count);
  return { name: "signed in, every token new", requests, essence: data };
}

/** Calls with tokens whose keys do not exist, each by another name. */
export async function unknownKeys(issuer: Issuer): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  return await Promise.all(Array.from({ length: MANY }, async (_, index) => {
    const token = await issuer.token("nobody", `unknown-${index}`);
    return await wire(toolCall(ERA, loans.name, {}, { token }));
  }));
}

/**
 * Reads an answer: JSON, or an event stream with one message.
 *
 * @throws Error when it holds neither a result nor a refusal.
 */
export function readAnswer(status: number, text: string): Answer {
  if (status >= 400) return { status, result: {} };
  const { result, error } = JSON.parse(/^data: ?(\{.+)$/m.exec(text)?.[1] ?? text);
  if (result === undefined) throw new Error(`answered ${JSON.stringify(error).slice(0, 100)}`);
  return { status, result };
}
