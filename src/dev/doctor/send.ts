import { withDeadline } from "../../net/deadline.ts";
import { readBounded, TooLarge } from "../../net/read_bounded.ts";
import { NoAnswer, NotExamined } from "./errors.ts";
import { isObject, type JsonObject, objectOf, parseJson } from "./json.ts";

/** An HTTP answer, read to its end or as far as it is of use. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, or undefined. */
  readonly json: unknown;
  /** The JSON-RPC messages of a body in JSON or of an event stream. */
  readonly messages: readonly JsonObject[];
  /** The result of the first message that is an answer, or undefined. */
  readonly result: JsonObject | undefined;
  /** The error of the first message that has one, or undefined. */
  readonly error: JsonObject | undefined;
}

/**
 * Sends one request.
 *
 * @param answers How many JSON-RPC answers end an event stream; one by default.
 * @throws NoAnswer, or NotExamined when the server or we have had enough.
 */
export type Send = (url: string, init?: RequestInit, answers?: number) => Promise<Answer>;

const TIME_LIMIT_MS = 10_000;
/** Widgets of a few hundred kilobytes are common, and arrive inside of JSON. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Of one examination, so that a server whose answers lead on and on cannot keep it busy. */
const MAX_REQUESTS = 70;

/** Makes the one way out: no redirects, every answer bounded in size and time, and a limit on how many there are. */
export function createSend(fetch: typeof globalThis.fetch): Send {
  let sent = 0;
  return async (url, init = {}, answers = 1) => {
    if (++sent > MAX_REQUESTS) {
      throw new NotExamined(`This examination has spent its ${MAX_REQUESTS} requests.`);
    }
    const timeUp = () => new NoAnswer(`None within ${TIME_LIMIT_MS / 1000} seconds.`);
    try {
      return await withDeadline(TIME_LIMIT_MS, timeUp, async ({ signal }) => {
        const headers = { "user-agent": "mcp-doctor", ...Object.fromEntries(new Headers(init.headers)) };
        const response = await fetch(url, { ...init, headers, redirect: "manual", signal });
        if (response.status === 429) {
          await response.body?.cancel();
          throw new NotExamined("The server asks for a pause (429). Try again in a minute.");
        }
        return await read(response, init.method ?? "GET", answers, signal);
      });
    } catch (error) {
      if (error instanceof NoAnswer || error instanceof NotExamined) throw error;
      if (error instanceof TooLarge) throw new NoAnswer(`The answer is larger than ${MAX_BYTES} bytes.`);
      throw new NoAnswer(reasonOf(error));
    }
  };
}

/** Clients say "fetch failed", and in the cause why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

async function read(
  response: Response,
  method: string,
  answers: number,
  signal: AbortSignal,
): Promise<Answer> {
  const { status, headers } = response;
  const isStream = headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  // A stream that answers GET never ends.
  if (isStream && method === "GET") await response.body?.cancel();
  const body = isStream ? response.body?.pipeThrough(until(answers)) ?? null : response.body;
  const bytes = isStream && method === "GET" ? new Uint8Array() : await readBounded(body, MAX_BYTES, signal);
  const text = new TextDecoder().decode(bytes);
  const json = isStream ? undefined : parseJson(text);
  const messages = (isStream ? eventsOf(text) : [json]).flat().filter(isObject);
  return {
    ...{ status, headers, text, json, messages },
    result: messages.map(({ result }) => result).find(isObject),
    error: messages.map(({ error }) => error).find(isObject),
  };
}

/** Ends a stream once so many answers have come by: a server may keep it open. */
function until(answers: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const decoder = new TextDecoder();
  let rest = "";
  let missing = answers;
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk);
      rest += decoder.decode(chunk, { stream: true });
      const end = rest.lastIndexOf("\n") + 1;
      missing -= eventsOf(rest.slice(0, end)).flat().map(objectOf)
        .filter((message) => "result" in message || "error" in message).length;
      rest = rest.slice(end);
      if (missing <= 0) controller.terminate();
    },
  });
}

function eventsOf(text: string): unknown[] {
  return text.split(/\r?\n/).filter((line) => line.startsWith("data:")).map((line) =>
    parseJson(line.slice(5))
  );
}
