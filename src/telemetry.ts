import {
  type Attributes,
  context,
  metrics,
  propagation,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import type { Verify } from "./auth/verify.ts";
import type { ObserveCall } from "./mcp/call_log.ts";
import type { Gate } from "./mcp/gate.ts";
import type { Tool } from "./mcp/tool.ts";
import { shown } from "./net/shown.ts";
import type { ObserveDatabase } from "./storage/mod.ts";

/**
 * Wraps the steps of a request in spans, and counts them. The runtime exports both. The spans of HTTP are its own, and
 * it lets nobody take the query out of them.
 */
export interface Telemetry {
  readonly call: ObserveCall;
  verify(verify: Verify): Verify;
  gate(gate: Gate): Gate;
  tool(tool: Tool): Tool;
  readonly database: ObserveDatabase;
  /** Counts what an issuer is asked. */
  fetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch;
}

/** Every metric that the server has, with its description; `docs/` holds a dashboard and alerts over them. */
export const METRICS = {
  "mcp.server.operation.duration": "Seconds that a request of MCP took, by method, tool and error",
  "mcp.server.tool.calls": "Calls of tools, by tool and outcome",
  "mcp.server.refusals": "Requests that were refused, by reason; those of a limit, by budget, too",
  "mcp.server.token.verifications": "Tokens that came, by whether they were remembered as good",
  "mcp.server.issuer.requests": "Requests to issuers, such as for keys, by path and status",
  "db.client.operation.duration": "Seconds that a statement or a transaction took",
} as const;

/** The semantic conventions of MCP advise these, in seconds. */
const SECONDS = {
  unit: "s",
  advice: { explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] },
};
/** No other name becomes part of a metric or of a span's name, since callers could invent any number. */
const METHODS = new Set([
  ...["initialize", "ping", "server/discover", "subscriptions/listen", "completion/complete"],
  ...["tools/call", "tools/list", "resources/read", "resources/list", "resources/templates/list"],
  ...["prompts/get", "prompts/list", "notifications/initialized", "notifications/cancelled"],
]);

/**
 * Makes spans and metrics by the semantic conventions of OpenTelemetry for MCP (gen-ai/mcp) and databases. No
 * argument, result, token or person becomes part of them.
 */
export function createTelemetry(): Telemetry {
  const tracer = trace.getTracer("mcp-app");
  const meter = metrics.getMeter("mcp-app");
  const counter = (name: keyof typeof METRICS) => meter.createCounter(name, { description: METRICS[name] });
  const seconds = (name: keyof typeof METRICS) =>
    meter.createHistogram(name, { ...SECONDS, description: METRICS[name] });
  const operations = seconds("mcp.server.operation.duration");
  const statements = seconds("db.client.operation.duration");
  const toolCalls = counter("mcp.server.tool.calls");
  const refusals = counter("mcp.server.refusals");
  const verifications = counter("mcp.server.token.verifications");
  const issuerRequests = counter("mcp.server.issuer.requests");
  const tools = new Set<string>();

  /** Runs something in a span, and tells when it has ended, in seconds, and with which kind of error. */
  function within<T>(
    name: string,
    { ended, ...options }: SpanOptions & { ended?: (seconds: number, error: Attributes) => void },
    run: (span: Span) => Promise<T>,
    parent = context.active(),
  ): Promise<T> {
    return tracer.startActiveSpan(name, options, parent, async (span) => {
      const started = performance.now();
      let error: Attributes = {};
      try {
        return await run(span);
      } catch (thrown) {
        error = { "error.type": kindOf(thrown) };
        span.setAttributes(error).setStatus({ code: SpanStatusCode.ERROR });
        throw thrown;
      } finally {
        span.end();
        ended?.((performance.now() - started) / 1_000, error);
      }
    });
  }

  return {
    call({ request, messages }, answer) {
      const [message] = messages;
      const method = METHODS.has(message?.method ?? "") ? message!.method! : "other";
      const name = String(message?.params["name"]);
      const about: Attributes = { "mcp.method.name": method };
      if (method === "tools/call" && tools.has(name)) about["gen_ai.tool.name"] = name;
      const target = about["gen_ai.tool.name"];
      // A trace that the message brings is joined; the HTTP request may belong to another, and is linked.
      const joined = propagation.extract(context.active(), message?.meta);
      const http = trace.getActiveSpan()?.spanContext();
      let error: Attributes = {};
      return within(target ? `${method} ${target}` : method, {
        kind: SpanKind.SERVER,
        attributes: {
          ...about,
          "jsonrpc.request.id": shown(message?.id),
          "mcp.protocol.version": shown(request.headers.get("mcp-protocol-version") ?? "none"),
        },
        ...(http && { links: [{ context: http }] }),
        ended: (seconds, thrown) => operations.record(seconds, { ...about, ...error, ...thrown }),
      }, async (span) => {
        const answered = await answer();
        const { refusal, response: { status } } = answered;
        const reason = refusal?.fault ?? (status >= 400 ? String(status) : undefined);
        span.setAttributes(accessAttributes(refusal ? "refused" : reason ? "invalid" : "allowed", reason));
        if (reason) {
          error = { "error.type": reason };
          span.setAttributes(error).setStatus({ code: SpanStatusCode.ERROR });
        }
        const budget = reason === "too_many_calls" ? refusal?.details?.()["budget"] : undefined;
        if (refusal) refusals.add(1, { ...about, reason, ...(budget ? { budget: String(budget) } : {}) });
        return answered;
      }, joined);
    },

    verify: (verify) => (token, budget) => {
      let cache = "hit";
      const watched = budget && {
        ...budget,
        spendToken() {
          cache = "miss";
          budget.spendToken();
        },
      };
      const ended = (_: number, error: Attributes) => verifications.add(1, { cache, ...error });
      return within(
        "verify token",
        { ended },
        async (span) => {
          try {
            return await verify(token, watched);
          } finally {
            span.setAttribute("cache", cache);
          }
        },
      );
    },

    gate: (gate) => (messages, principal) =>
      tracer.startActiveSpan("decide access", (span) => {
        const admission = gate(messages, principal);
        const { refusal } = admission;
        span.setAttributes(accessAttributes(refusal ? "refused" : "allowed", refusal?.fault));
        span.end();
        return admission;
      }),

    tool(tool) {
      tools.add(tool.name);
      const about = { "gen_ai.tool.name": tool.name };
      const attributes = { ...about, "gen_ai.operation.name": "execute_tool" };
      return {
        ...tool,
        call: (args, call, deadline) =>
          within(`execute_tool ${tool.name}`, { attributes }, async (span) => {
            let outcome = "failed";
            const { promise: timeUp, reject } = Promise.withResolvers<never>();
            const { signal } = deadline;
            signal.addEventListener("abort", () => reject(signal.reason), { once: true });
            try {
              const result = await Promise.race([tool.call(args, call, deadline), timeUp]);
              outcome = "isError" in result && result.isError ? "error" : "ok";
              return result;
            } finally {
              if (signal.aborted) outcome = "timeout";
              toolCalls.add(1, { ...about, outcome });
              span.setAttribute("outcome", outcome);
            }
          }),
      };
    },

    database(database, system) {
      const timed = <T>(operation: string, attributes: Attributes, run: () => Promise<T>) => {
        const about = { "db.system.name": system, "db.operation.name": operation };
        return within(operation, {
          kind: SpanKind.CLIENT,
          attributes: { ...about, ...attributes },
          ended: (seconds, error) => statements.record(seconds, { ...about, ...error }),
        }, run);
      };
      return {
        ...database,
        query: (sql, values) =>
          // The values stay out: the text is the app's own, with $1, $2 in their place.
          timed(/^\w+/.exec(sql)?.[0].toUpperCase() ?? "QUERY", { "db.query.text": sql }, () =>
            database.query(sql, values)),
        transaction: (work) => timed("TRANSACTION", {}, () => database.transaction(work)),
      };
    },

    fetch: (fetch) => async (input, init) => {
      const { hostname, pathname } = new URL(input instanceof Request ? input.url : input);
      let status = "unreachable";
      try {
        const response = await fetch(input, init);
        status = String(response.status);
        return response;
      } finally {
        issuerRequests.add(1, { "server.address": hostname, "url.path": pathname, status });
      }
    },
  };
}

function accessAttributes(decision: string, reason = "none"): Attributes {
  return { "mcp.access.decision": decision, "mcp.access.reason": reason };
}

/** One of few words: messages may quote what people have sent. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if ("fault" in error) return String(error.fault);
  return "code" in error ? String(error.code) : error.name;
}
