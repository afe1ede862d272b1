import { PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";
import { maskJson, maskUrl } from "./mask.ts";
import type { Store } from "./store.ts";

/** A message between a widget and the host, or something that the widget's policy refused. */
export interface LogEntry {
  readonly number: number;
  readonly from: "widget" | "host" | "policy";
  /** The message's method, or what kind of answer it is; what was refused. */
  readonly title: string;
  /** Of a request and its answer. */
  readonly id?: string;
  /** JSON with its secrets hidden, or what to do about a refusal. */
  readonly text: string;
}

/** The last entries, oldest first. */
export type BridgeLog = Store<readonly LogEntry[]>;

const MAX_ENTRIES = 200;
const MAX_TEXT = 10_000;

/** The list of `_meta.ui.csp` that opens a directive. */
const LISTS: Readonly<Record<string, string>> = {
  "connect-src": "connectDomains",
  "frame-src": "frameDomains",
  "base-uri": "baseUriDomains",
  ...Object.fromEntries(
    ["script-src", "script-src-elem", "style-src", "style-src-elem", "img-src", "media-src", "font-src"]
      .map((name) => [name, "resourceDomains"]),
  ),
};

type Message = Parameters<PostMessageTransport["send"]>[0];

/** A transport that records what it sends and receives. */
export class LoggedTransport extends PostMessageTransport {
  constructor(view: Window, readonly log: BridgeLog) {
    super(view, view);
  }

  override start(): Promise<void> {
    const deliver = this.onmessage;
    this.onmessage = (message, extra) => {
      logMessage(this.log, "widget", message);
      deliver?.(message, extra);
    };
    return super.start();
  }

  override send(...[message, options]: Parameters<PostMessageTransport["send"]>): Promise<void> {
    logMessage(this.log, "host", message);
    return super.send(message, options);
  }
}

/** Records what a Content-Security-Policy refused. @param report Of the sandbox; the widget may have forged it. */
export function logViolation(log: BridgeLog, report: Partial<Record<string, unknown>>): void {
  const said = (name: string) => String(report[name] ?? "").slice(0, 300);
  const directive = said("effectiveDirective");
  const list = LISTS[directive];
  add(log, {
    from: "policy",
    title: `${directive} refused ${maskUrl(said("blockedURI"))}`,
    text: [
      list ? `Name its origin in ${list} of the widget's csp.` : "No list of the widget's csp allows this.",
      said("sourceFile") && `${said("sourceFile")}, line ${said("lineNumber")}`,
    ].filter(Boolean).join("\n"),
  });
}

function logMessage(log: BridgeLog, from: "widget" | "host", message: Message): void {
  const title = "method" in message ? message.method : "error" in message ? "error" : "result";
  const id = "id" in message ? { id: String(message.id).slice(0, 100) } : {};
  add(log, { from, title: title.slice(0, 100), ...id, text: shorten(message) });
}

/** A value as JSON of bounded length, its secrets hidden. */
export function shorten(value: unknown): string {
  let json: string;
  try {
    json = maskJson(value);
  } catch {
    return "JSON cannot express this message.";
  }
  return json.length > MAX_TEXT ? `${json.slice(0, MAX_TEXT)}…\n(${json.length} characters)` : json;
}

function add(log: BridgeLog, entry: Omit<LogEntry, "number">): void {
  const number = (log.get().at(-1)?.number ?? 0) + 1;
  log.set([...log.get(), { number, ...entry }].slice(-MAX_ENTRIES));
}
