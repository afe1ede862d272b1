import { isLoopback } from "../../../net/loopback.ts";
import { type Check, ok, problem, unknown, warning } from "../check.ts";
import { NoAnswer } from "../errors.ts";
import { objectOf, quote } from "../json.ts";
import type { Answer } from "../send.ts";
import type { Visit } from "../visit.ts";

/** Larger than any tool call needs to be. */
const LARGE_BYTES = 6 * 1024 * 1024;
/** By how much the clocks of a client and a server may differ before tokens are refused. */
export const CLOCK_TOLERANCE_SECONDS = 30;

const PING = (id: number) => ({ jsonrpc: "2.0", id, method: "ping" });

/** HTTP: methods, media types, framing, size. */
export const transport: readonly Check<Visit>[] = [
  {
    id: "transport.tls",
    title: "TLS",
    expected: "an https URL, or http on loopback",
    requirements: ["AUTH-29"],
    run({ url }) {
      const { protocol, hostname } = new URL(url);
      if (protocol === "https:" || isLoopback(hostname)) return ok(protocol.slice(0, -1));
      return problem("http", "Serve the endpoint over https: tokens must not travel in clear.");
    },
  },
  {
    id: "transport.redirect",
    title: "Redirects",
    expected: "the endpoint answers at the very URL that people enter",
    requirements: ["TRN-01"],
    async run({ opening }) {
      const { status, headers } = (await opening()).answer;
      if (status < 300 || status > 399) return ok("none");
      return problem(
        `${status} to ${headers.get("location") ?? "nowhere"}`,
        "Answer there, or give people the other URL: clients drop body or token when they are sent on.",
      );
    },
  },
  {
    id: "transport.get",
    title: "GET",
    expected: "405 with Allow: POST, or an event stream",
    requirements: ["TRN-01", "TRN-20", "TRN-21"],
    async run({ send, url }) {
      const { status, headers } = await send(url, { headers: { accept: "text/event-stream" } });
      if (status === 405 && headers.has("allow")) return ok("405");
      if (status === 405) return warning("405 without Allow", "Add the header Allow: POST (RFC 9110).");
      if (status === 200 && headers.get("content-type")?.startsWith("text/event-stream")) {
        return ok("an event stream");
      }
      if (status === 401) return ok("401: the endpoint asks for a token first");
      if (status === 404 || status >= 500) {
        return problem(String(status), "Answer 405: a client takes this for a server that is not there.");
      }
      return warning(`${status} ${headers.get("content-type") ?? ""}`, "Answer 405 with Allow: POST.");
    },
  },
  {
    id: "transport.notification",
    title: "Notifications",
    expected: "202 with an empty body",
    requirements: ["TRN-05"],
    async run({ opening }) {
      const { initialized } = await opening();
      if (!initialized) return unknown("The server did not open for a client of 2025-11-25.");
      const { status, text } = initialized;
      if (status === 202 && text === "") return ok("202");
      return problem(
        `${status} with ${text.length} characters`,
        "Answer an accepted notification with 202 and nothing else.",
      );
    },
  },
  {
    id: "transport.media-type",
    title: "Media type of answers",
    expected: "application/json or text/event-stream",
    requirements: ["TRN-06"],
    async run({ toolsAnswer }) {
      const { headers, messages, status } = await toolsAnswer();
      const type = headers.get("content-type") ?? "none";
      if (!/^(application\/json|text\/event-stream)\b/.test(type)) {
        return problem(type, "Answer every JSON-RPC request in JSON or as an event stream.");
      }
      if (status === 200 && messages.length === 0) {
        return problem(`${type} without a JSON-RPC message`, "Send the answer to the request.");
      }
      return ok(type);
    },
  },
  {
    id: "transport.accept",
    title: "Accept: */*",
    expected: "an answer: OpenAI's scanner and many scripts ask like this",
    requirements: ["TRN-26"],
    async run({ ask }) {
      const { status, result } = await ask("tools/list", {}, { headers: { accept: "*/*" } });
      if (result || status === 401) return ok(String(status));
      return warning(String(status), "Treat */* as application/json, text/event-stream.");
    },
  },
  {
    id: "transport.content-type",
    title: "Content-Type: text/plain",
    expected: "415: any web page can send it without asking",
    requirements: ["TRN-26"],
    async run({ ask }) {
      const { status, result } = await ask("tools/list", {}, { headers: { "content-type": "text/plain" } });
      if (!result && status >= 400 && status < 500) return ok(String(status));
      return warning(`${status}${result ? ", served" : ""}`, "Refuse what is not application/json with 415.");
    },
  },
  {
    id: "transport.broken-json",
    title: "A body that is not JSON",
    expected: "400 with the JSON-RPC error -32700",
    requirements: ["BASE-08"],
    async run({ post }) {
      const { status, error } = await post('{"jsonrpc":');
      if (status >= 500) return problem(String(status), "A caller's mistake is 4xx, never 5xx.");
      if (status < 400) return problem(String(status), "Refuse it with 400.");
      if (status === 400 && error && error["code"] !== -32700) {
        return warning(`400 with ${quote(error["code"])}`, "The code of a parse error is -32700.");
      }
      return ok(String(status));
    },
  },
  {
    id: "transport.batch",
    title: "Batches",
    expected: "refused with 4xx, or every message answered",
    requirements: ["TRN-07", "TRN-08"],
    async run({ post }) {
      const { status, messages } = await post(JSON.stringify([PING(1), PING(2)]), {
        "mcp-protocol-version": "2025-03-26",
      }, 2);
      if (status >= 400 && status < 500) return ok(String(status));
      if (status === 200 && messages.length === 2) return ok("both answered");
      return problem(
        `${status} with ${messages.length} of 2 answers`,
        "Refuse a list of messages with 400, or answer each of them.",
      );
    },
  },
  {
    id: "transport.size",
    title: "A body of 6 MiB",
    expected: "413, soon",
    requirements: ["TRN-27"],
    async run({ post }) {
      const padding = "x".repeat(LARGE_BYTES);
      let answer: Answer;
      try {
        answer = await post(JSON.stringify({ ...PING(1), params: { _meta: { padding } } }));
      } catch (error) {
        if (error instanceof NoAnswer) return ok(`the connection ended (${error.message})`);
        throw error;
      }
      const { status } = answer;
      if (status === 413) return ok("413");
      if (status >= 500) return problem(String(status), "A body that is too large is 413, not a failure.");
      if (answer.result || status === 202 || status === 200) {
        return warning(`${status}: read to its end`, "Limit the size of bodies; 1 MiB is plenty.");
      }
      return ok(String(status));
    },
  },
  {
    id: "transport.session",
    title: "Session id",
    expected: "none, or one in visible ASCII",
    requirements: ["TRN-23", "OAI-23"],
    async run({ opening }) {
      const id = (await opening()).answer.headers.get("mcp-session-id");
      if (id === null) return ok("none");
      if (!/^[\x21-\x7e]+$/.test(id)) return problem("other characters", "Use visible ASCII only.");
      return ok("there is one; hosts have been seen to open a new session for each call");
    },
  },
  {
    id: "transport.clock",
    title: "Clock of the server",
    expected: `within ${CLOCK_TOLERANCE_SECONDS} seconds of this machine's`,
    requirements: ["AUTH-06"],
    async run({ opening, now }) {
      return compareClock((await opening()).answer.headers, now());
    },
  },
  {
    id: "transport.unknown-path",
    title: "Another path of the origin",
    expected: "no MCP there",
    requirements: ["TRN-01"],
    async run({ send, origin }) {
      const { status, json } = await send(`${origin}/no-such-path`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(PING(1)),
      });
      if (status >= 500) return warning(String(status), "An unknown path is 404.");
      if (objectOf(json)["result"]) return warning("answered", "Serve MCP at one path.");
      return ok(String(status));
    },
  },
];

/** Judges the `Date` header of an answer that has just come. */
export function compareClock(headers: Headers, now: number) {
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(date)) return unknown("There is no Date header.");
  const seconds = Math.round((date - now) / 1000);
  if (Math.abs(seconds) <= CLOCK_TOLERANCE_SECONDS) return ok(`${seconds} s apart`);
  return warning(
    `${Math.abs(seconds)} s ${seconds > 0 ? "ahead" : "behind"}`,
    "Let both machines keep time by NTP: tokens will be refused as expired or not yet valid.",
  );
}
