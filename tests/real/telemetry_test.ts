import assert from "node:assert/strict";
import { METRICS } from "../../src/telemetry.ts";
import { TestIssuer, toolCall } from "../support.ts";
import { freePort, startProcess } from "./process.ts";
import { granted } from "./served.ts";

const ignore = !await granted("net", "run", "read", "write", "env");

type Attributes = Readonly<Record<string, string>>;

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Attributes;
  readonly links: readonly { readonly traceId: string }[];
}

interface Metric {
  readonly name: string;
  readonly description: string;
  /** The attributes of each series. */
  readonly series: readonly Attributes[];
}

/** An attribute of OTLP's JSON. */
interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, string>>;
}

/** The parts of OTLP's JSON that tests look at. */
interface Export {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<Span, "attributes"> & { readonly attributes: readonly KeyValue[] })[];
    }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics:
        readonly (Omit<Metric, "series"> & Readonly<Record<"sum" | "histogram", DataPoints | undefined>>)[];
    }[];
  }[];
}

interface DataPoints {
  readonly dataPoints: readonly { readonly attributes: readonly KeyValue[] }[];
}

const plain = (attributes: readonly KeyValue[]): Attributes =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]));

/** An OTLP/HTTP collector on loopback, which remembers what it is sent. */
function collect() {
  const bodies: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    bodies.push(await request.text());
    return Response.json({});
  });
  const exports = (): Export[] => bodies.map((body) => JSON.parse(body));
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    /** Everything that was exported, logs included. */
    text: () => bodies.join("\n"),
    spans: (): Span[] =>
      exports().flatMap(({ resourceSpans = [] }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
      ).map((span) => ({ ...span, attributes: plain(span.attributes) })),
    metrics: (): Metric[] =>
      exports().flatMap(({ resourceMetrics = [] }) =>
        resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
      ).map(({ name, description, sum, histogram }) => ({
        name,
        description,
        series: (sum ?? histogram)?.dataPoints.map(({ attributes }) => plain(attributes)) ?? [],
      })),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CALLER = "b7ad6b7169203331";

/** Calls a server in a process of its own, with OpenTelemetry or without, and ends it. */
async function exported(on: boolean) {
  const collector = collect();
  const [port, issuerPort] = [freePort(), freePort()];
  const issuer = await TestIssuer.create(`http://127.0.0.1:${issuerPort}`);
  await using _issuer = Deno.serve(
    { port: issuerPort, hostname: "127.0.0.1", onListen: () => {} },
    issuer.fetch,
  );
  const resource = `http://127.0.0.1:${port}/mcp`;
  const server = startProcess({
    PORT: String(port),
    AUTHORIZATION_SERVER_URL: issuer.issuer,
    RESOURCE_SERVER_URL: resource,
    SQLITE_PATH: ":memory:",
    OTEL_DENO: String(on),
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  try {
    await server.wrote("Listening on");
    const iat = Math.floor(Date.now() / 1_000);
    const token = await issuer.token({ aud: resource, sub: "canary-person", iat, exp: iat + 600 });
    const call = async (name: string, token?: string, meta = {}, query = "") => {
      const request = toolCall("modern", name, {}, { token, meta });
      const response = await fetch(new Request(resource + query, request));
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await call("list_notes", token, { traceparent: `00-${TRACE}-${CALLER}-01` }), 200);
    assert.equal(await call("list_notes", token), 200);
    assert.equal(await call("list_notes", undefined, {}, "?access_token=canary-query"), 401);
    assert.equal(await call("list_notes", `${token}x`), 401);
    await call("canary-invented-tool");
  } finally {
    server.terminate();
  }
  assert.equal(await server.exitCode, 0, server.written);
  await collector[Symbol.asyncDispose]();
  return collector;
}

Deno.test({
  name:
    "OTEL_DENO=true exports spans from HTTP to the database, in the trace that the message brings, and metrics",
  ignore,
  async fn() {
    const collector = await exported(true);
    const spans = collector.spans();
    const joined = spans.find(({ parentSpanId }) => parentSpanId === CALLER);
    assert.ok(joined, "a span under that of the caller");
    assert.equal(joined.name, "tools/call list_notes");
    assert.equal(joined.traceId, TRACE);
    const http = spans.find(({ traceId }) => traceId === joined.links[0]?.traceId);
    assert.equal(http?.name, "POST", "the span of HTTP is linked");
    assert.equal(joined.attributes["mcp.method.name"], "tools/call");
    assert.equal(joined.attributes["mcp.protocol.version"], "2026-07-28");
    assert.equal(joined.attributes["jsonrpc.request.id"], "1");
    assert.equal(joined.attributes["gen_ai.tool.name"], "list_notes");
    assert.equal(joined.attributes["mcp.access.decision"], "allowed");

    const under = (parent: Span) => spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId);
    const steps = under(joined);
    assert.deepEqual(steps.map(({ name }) => name), [
      "verify token",
      "decide access",
      "execute_tool list_notes",
    ]);
    assert.deepEqual(steps[0]?.attributes, { cache: "miss" });
    assert.equal(steps[1]?.attributes["mcp.access.decision"], "allowed");
    assert.equal(steps[2]?.attributes["outcome"], "ok");
    const [statement] = under(steps[2]!);
    assert.equal(statement?.name, "SELECT");
    assert.equal(statement.attributes["db.system.name"], "sqlite");
    assert.equal(statement.attributes["db.operation.name"], "SELECT");
    assert.match(statement.attributes["db.query.text"] ?? "", /^SELECT .* FROM notes WHERE owner = \$1/);

    const refused = spans.filter(({ attributes }) => attributes["mcp.access.decision"] === "refused");
    const reasons = refused.map(({ attributes }) => attributes["mcp.access.reason"]);
    for (const reason of ["no_token", "signature"]) assert.ok(reasons.includes(reason), reasons.join());

    const metrics = new Map(collector.metrics().map((metric) => [metric.name, metric]));
    for (const [name, description] of Object.entries(METRICS)) {
      assert.equal(metrics.get(name)?.description, description, name);
    }
    const has = (name: string, expected: Attributes) =>
      assert.ok(
        metrics.get(name)?.series.some((series) =>
          Object.entries(expected).every(([key, value]) => series[key] === value)
        ),
        `${name} ${JSON.stringify(metrics.get(name)?.series)}`,
      );
    const listed = { "mcp.method.name": "tools/call", "gen_ai.tool.name": "list_notes" };
    has("mcp.server.operation.duration", listed);
    has("mcp.server.operation.duration", { ...listed, "error.type": "signature" });
    has("mcp.server.tool.calls", { "gen_ai.tool.name": "list_notes", outcome: "ok" });
    has("mcp.server.refusals", { ...listed, reason: "no_token" });
    has("mcp.server.token.verifications", { cache: "hit" });
    has("mcp.server.token.verifications", { cache: "miss", "error.type": "signature" });
    has("mcp.server.issuer.requests", { "url.path": "/jwks", status: "200" });
    has("db.client.operation.duration", { "db.system.name": "sqlite", "db.operation.name": "SELECT" });

    assert.ok(!collector.text().includes("canary-person"));
    assert.ok(
      spans.every((span) => span.name === "POST" || !JSON.stringify(span).includes("canary")),
      "nothing that a caller makes up is in a span of ours",
    );
    assert.ok(
      [...metrics.values()].every(({ series }) => !JSON.stringify(series).includes("canary-invented-tool")),
      "no name that a caller makes up becomes a series",
    );
  },
});

Deno.test({
  name: "without OTEL_DENO nothing is exported",
  ignore,
  async fn() {
    assert.equal((await exported(false)).text(), "");
  },
});
