import assert from "node:assert/strict";
import type { Verdict } from "../../../src/dev/doctor/check.ts";
import { defaultServer, examineJson, ISSUER, RESOURCE } from "./examine.ts";

const server = await defaultServer();
const { origin, pathname } = new URL(RESOURCE);

/** One request to a server that is about to be broken. */
interface Call {
  readonly request: Request;
  readonly path: string;
  /** Whether it is of the stateless era. */
  readonly modern: boolean;
  /** The JSON-RPC method, or undefined. */
  readonly method: string | undefined;
  /** The tool or resource, or undefined. */
  readonly target: string | undefined;
  readonly text: string;
  readonly token: string | undefined;
  /** The answer of the sound server, to this request or to the same with other headers. */
  sound(headers?: Readonly<Record<string, string | null>>): Promise<Response>;
}

/** Answers in the sound server's place, or leaves it to that. */
type Break = (call: Call) => Response | Promise<Response> | undefined;

async function readCall(request: Request): Promise<Call> {
  const text = await request.clone().text();
  const body = parse(text);
  const { method, params = {} } = Array.isArray(body) ? {} : body;
  return {
    request,
    path: new URL(request.url).pathname,
    modern: text.includes("io.modelcontextprotocol/protocolVersion"),
    method,
    target: params.name ?? params.uri,
    text,
    token: request.headers.get("authorization") ?? undefined,
    async sound(changed = {}) {
      const headers = new Headers(request.headers);
      for (const [name, value] of Object.entries(changed)) {
        if (value === null) headers.delete(name);
        else headers.set(name, value);
      }
      const { method } = request;
      return await server.request(new Request(request.url, { method, headers, ...(text && { body: text }) }));
    },
  };
}

type Body = { method?: string; params?: { name?: string; uri?: string } } | unknown[];
function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}

/** The sound answer with something else in its text, and a status of its own. */
async function edit(call: Call, from: string | RegExp, to: string, status?: number): Promise<Response> {
  const response = await call.sound();
  const text = (await response.text()).replaceAll(from, to);
  const { headers } = response;
  headers.delete("content-length");
  return new Response(text, { status: status ?? response.status, headers });
}

async function withHeader(
  answer: Promise<Response>,
  name: string,
  value: string | undefined,
  status?: number,
) {
  const response = await answer;
  const headers = new Headers(response.headers);
  if (value === undefined) headers.delete(name);
  else headers.set(name, value);
  return new Response(response.body, { status: status ?? response.status, headers });
}

const result = (value: object) => Response.json({ jsonrpc: "2.0", id: 1, result: value });
const SERVED = { content: [{ type: "text", text: "Here you are." }] };
const INSERTED = `/.well-known/oauth-protected-resource${pathname}`;
const AS_METADATA = "/.well-known/oauth-authorization-server/auth";

/** Breaks answers to one JSON-RPC method. */
const on = (method: string, breaks: Break): Break => (call) =>
  call.method === method ? breaks(call) : undefined;
/** Breaks answers at one path. */
const at = (path: string, breaks: Break): Break => (call) => call.path === path ? breaks(call) : undefined;
/** Breaks protected calls that come without a token. */
const refused = (breaks: Break): Break => (call) =>
  call.target === "list_notes" && call.token === undefined ? breaks(call) : undefined;
const tools = (from: string | RegExp, to: string): Break => on("tools/list", (call) => edit(call, from, to));
const widget = (from: string | RegExp, to: string): Break =>
  on("resources/read", (call) => edit(call, from, to));
const issuer = (from: string | RegExp, to: string): Break => at(AS_METADATA, (call) => edit(call, from, to));
const metadata = (from: string | RegExp, to: string): Break => (call) =>
  call.path.startsWith("/.well-known/oauth-protected-resource") ? edit(call, from, to) : undefined;
const challenge = (value: string): Break =>
  refused((call) => withHeader(call.sound(), "www-authenticate", value));

let lists = 0;

/** What is broken, by the check that has to find it. */
const BROKEN: Readonly<Record<string, readonly [Verdict, Break]>> = {
  "transport.redirect": ["problem", on("initialize", () => Response.redirect(`${RESOURCE}/`, 307))],
  "transport.get": [
    "problem",
    ({ request }) =>
      request.method === "GET" && request.url === RESOURCE ? new Response("", { status: 404 }) : undefined,
  ],
  "transport.notification": [
    "problem",
    on("notifications/initialized", () => Response.json(null, { status: 202 })),
  ],
  "transport.media-type": [
    "problem",
    on("tools/list", (call) => withHeader(call.sound(), "content-type", "text/html")),
  ],
  "transport.accept": [
    "warning",
    ({ request }) =>
      request.headers.get("accept") === "*/*" && request.url === RESOURCE && request.method === "POST"
        ? new Response("", { status: 406 })
        : undefined,
  ],
  "transport.content-type": [
    "warning",
    (call) =>
      call.request.headers.get("content-type") === "text/plain"
        ? call.sound({ "content-type": "application/json" })
        : undefined,
  ],
  "transport.broken-json": [
    "problem",
    ({ text }) => text === '{"jsonrpc":' ? new Response("", { status: 500 }) : undefined,
  ],
  "transport.batch": ["problem", ({ text }) => text.startsWith("[") ? result({}) : undefined],
  "transport.size": ["warning", ({ text }) => text.length > 1e6 ? result({}) : undefined],
  "transport.session": [
    "problem",
    on("initialize", (call) => withHeader(call.sound(), "mcp-session-id", "one two")),
  ],
  "transport.clock": [
    "warning",
    on("initialize", (call) => withHeader(call.sound(), "date", "Sun, 22 Nov 2026 12:00:00 GMT")),
  ],
  "transport.unknown-path": ["warning", at("/no-such-path", () => new Response("", { status: 500 }))],
  "eras.initialize": ["warning", on("initialize", () => new Response("", { status: 500 }))],
  "eras.initialize-unknown": [
    "problem",
    on(
      "initialize",
      (call) => call.text.includes("2099") ? edit(call, "2025-11-25", "2099-01-01") : undefined,
    ),
  ],
  "eras.version-header": [
    "problem",
    (call) =>
      call.request.headers.get("mcp-protocol-version") === "1999-01-01"
        ? call.sound({ "mcp-protocol-version": null })
        : undefined,
  ],
  "eras.legacy-unknown-method": [
    "problem",
    on("no/such-method", ({ modern }) => modern ? undefined : new Response("", { status: 500 })),
  ],
  "eras.discover": ["problem", on("server/discover", (call) => edit(call, '"ttlMs"', '"ttl"'))],
  "eras.modern-header": [
    "problem",
    on(
      "tools/list",
      (call) => call.modern ? call.sound({ "mcp-protocol-version": "2026-07-28" }) : undefined,
    ),
  ],
  "eras.modern-name": [
    "problem",
    on(
      "tools/call",
      (call) => call.modern && call.target ? call.sound({ "mcp-name": call.target }) : undefined,
    ),
  ],
  "eras.modern-version": [
    "problem",
    (call) => call.text.includes("1900-01-01") ? edit(call, "-32022", "-32600") : undefined,
  ],
  "eras.modern-unknown-method": [
    "problem",
    on("no/such-method", (call) => edit(call, "-32601", "-32601", 200)),
  ],
  "eras.apart": [
    "problem",
    on(
      "tools/list",
      (call) => call.modern ? undefined : edit(call, '"result":{', '"result":{"resultType":"complete",'),
    ),
  ],
  "tools.list": ["problem", on("tools/list", () => new Response("", { status: 500 }))],
  "tools.stable": [
    "warning",
    on("tools/list", (call) => edit(call, "Search notes", `Search notes ${lists++}`)),
  ],
  "tools.names": ["problem", tools('"name":"add_note"', '"name":"add note"')],
  "tools.annotations": ["warning", tools('"openWorldHint":false', '"openWorldHint":"no"')],
  "tools.input-schema": [
    "problem",
    tools('"inputSchema":', '"inputSchema":{"$ref":"https://x.example/s"},"was":'),
  ],
  "tools.output-schema": ["warning", tools('"outputSchema"', '"was"')],
  "tools.security-schemes": ["warning", tools('"noauth"', '"none"')],
  "tools.unknown": [
    "problem",
    on(
      "tools/call",
      ({ target }) => target === "no_such_tool" ? result({ ...SERVED, isError: true }) : undefined,
    ),
  ],
  "tools.result": [
    "problem",
    on("tools/call", ({ target }) => target === "search_notes" ? result({ content: [] }) : undefined),
  ],
  "tools.unknown-resource": [
    "problem",
    on("resources/read", ({ target }) => target?.includes("no-such") ? result({ contents: [] }) : undefined),
  ],
  "guard.host": [
    "problem",
    (call) =>
      call.request.headers.get("host") === "evil.example" ? call.sound({ host: "localhost" }) : undefined,
  ],
  "guard.origin": [
    "problem",
    (call) => call.request.headers.get("origin") === "null" ? call.sound({ origin: null }) : undefined,
  ],
  "guard.preflight": [
    "warning",
    ({ request }) => request.method === "OPTIONS" ? new Response("", { status: 401 }) : undefined,
  ],
  "guard.expose": [
    "warning",
    (call) =>
      call.request.headers.get("origin") === origin
        ? withHeader(call.sound(), "access-control-expose-headers", undefined)
        : undefined,
  ],
  "guard.forwarded": [
    "problem",
    (call) =>
      call.request.headers.has("x-forwarded-host") ? edit(call, "localhost:8000", "evil.example") : undefined,
  ],
  "metadata.inserted": ["problem", at(INSERTED, () => new Response("", { status: 404 }))],
  "metadata.root": [
    "problem",
    at("/.well-known/oauth-protected-resource", (call) => edit(call, '/mcp"', '"')),
  ],
  "metadata.resource": ["problem", metadata('/mcp"', '/mcp/"')],
  "metadata.servers": ["problem", metadata(`"${ISSUER}"`, "")],
  "metadata.empty": ["problem", metadata('"resource_name"', '"resource_documentation":null,"resource_name"')],
  "metadata.scopes": ["warning", metadata('"notes:write"', '"offline_access"')],
  "metadata.cors": [
    "warning",
    at(INSERTED, (call) => withHeader(call.sound(), "access-control-allow-origin", undefined)),
  ],
  "metadata.no-server": ["warning", at("/.well-known/oauth-authorization-server", () => Response.json({}))],
  "access.challenge": ["problem", refused((call) => edit(call, "x", "x", 200))],
  "access.grammar": ["problem", challenge(`Bearer error="x"error_description="no comma"`)],
  "access.no-error": [
    "warning",
    challenge(`Bearer error="invalid_token", resource_metadata="${origin}${INSERTED}"`),
  ],
  "access.resource-metadata": ["problem", challenge(`Bearer resource_metadata="${INSERTED}"`)],
  "access.scope": ["warning", challenge(`Bearer resource_metadata="${origin}${INSERTED}"`)],
  "access.chatgpt": ["problem", refused((call) => edit(call, "mcp/www_authenticate", "www_authenticate"))],
  "access.garbage-list": ["problem", on("tools/list", (call) => call.sound({ authorization: null }))],
  "access.garbage-protected": [
    "problem",
    ({ token, target }) => target === "list_notes" && token ? result(SERVED) : undefined,
  ],
  "access.scheme-case": [
    "warning",
    (call) => call.token?.startsWith("bearer") ? call.sound({ authorization: null }) : undefined,
  ],
  "access.batch": [
    "problem",
    ({ text }) =>
      text.startsWith("[") && text.includes("list_notes")
        ? Response.json([{ jsonrpc: "2.0", id: 2, result: SERVED }])
        : undefined,
  ],
  "widgets.read": ["problem", on("resources/read", () => new Response("", { status: 401 }))],
  "widgets.mime": ["problem", widget("text/html;profile=mcp-app", "text/html+skybridge")],
  "widgets.link": ["warning", tools('"openai/outputTemplate":"', '"openai/outputTemplate":"ui://other/')],
  "widgets.html": ["warning", widget("<!doctype html>", "")],
  "widgets.csp": ["problem", widget("<main>", "<script src='https://cdn.example/x.js'></script><main>")],
  "widgets.csp-alias": ["warning", widget('"connect_domains":[]', '"connect_domains":["https://x.example"]')],
  "widgets.size": ["warning", widget("<main>", `<!--${"x".repeat(2 ** 20)}--><main>`)],
  "widgets.domain": ["warning", widget('"prefersBorder"', '"domain":"x","prefersBorder"')],
  "issuer.metadata": [
    "problem",
    ({ path }) =>
      /oauth-authorization-server|openid-configuration/.test(path)
        ? new Response("", { status: 404 })
        : undefined,
  ],
  "issuer.string": ["problem", issuer(`"issuer":"${ISSUER}"`, `"issuer":"${ISSUER}/"`)],
  "issuer.endpoints": [
    "problem",
    issuer('"token_endpoint":"http://localhost', '"token_endpoint":"http://x.example'),
  ],
  "issuer.pkce": ["problem", issuer('["S256"]', '["plain"]')],
  "issuer.registration": ["warning", issuer('"registration_endpoint"', '"was"')],
  "issuer.public-clients": ["warning", issuer('"none"', '"client_secret_post"')],
  "issuer.grants": ["warning", issuer('"refresh_token"', '"password"')],
  "issuer.iss": ["warning", issuer('iss_parameter_supported":true', 'iss_parameter_supported":false')],
  "issuer.keys": ["problem", at("/auth/jwks.json", (call) => edit(call, '"kty"', '"d":"x","kty"'))],
  "issuer.algorithms": ["problem", issuer('["ES256"]', '["HS256"]')],
  "issuer.clock": [
    "warning",
    at(AS_METADATA, (call) => withHeader(call.sound(), "date", "Tue, 24 Nov 2026 12:00:00 GMT")),
  ],
  "review.ownership": ["problem", at("/.well-known/openai-apps-challenge", () => Response.json("token"))],
  "review.hints": ["problem", tools('"openWorldHint":false', '"openWorldHint":"no"')],
  "review.titles": ["problem", tools(/"title":"[^"]*"/g, '"title":""')],
  "review.names": ["problem", tools('"name":"add_note"', `"name":"${"x".repeat(65)}"`)],
  "review.output-schema": ["problem", tools('"outputSchema"', '"was"')],
  "review.csp": ["problem", widget('"resourceDomains":[]', '"resourceDomains":["https://*.example"]')],
  "review.telemetry": [
    "problem",
    on(
      "tools/call",
      (call) =>
        call.target === "search_notes" ? edit(call, '"notes":[', '"traceId":"x","notes":[') : undefined,
    ),
  ],
  "review.website": [
    "problem",
    on(
      "initialize",
      (call) => edit(call, '"serverInfo":{', '"serverInfo":{"websiteUrl":"http://x.example",'),
    ),
  ],
  "review.privacy": [
    "problem",
    metadata('"resource_name"', `"resource_policy_uri":"http://x.example","resource_name"`),
  ],
  "review.terms": [
    "problem",
    metadata('"resource_name"', `"resource_tos_uri":"http://x.example","resource_name"`),
  ],
  "review.support": [
    "problem",
    metadata('"resource_name"', `"resource_documentation":"http://x.example","resource_name"`),
  ],
};

for (const [id, [verdict, breaks]] of Object.entries(BROKEN)) {
  Deno.test(`the doctor finds what is broken on purpose for ${id}`, async () => {
    const args = id.startsWith("review.") ? [RESOURCE, "--review"] : [RESOURCE];
    const { results, code } = await examineJson(args, async (request) => {
      const call = await readCall(request);
      return await breaks(call) ?? await call.sound();
    });
    const lines = results.filter((result) => result.id === id);
    const found = lines.find((line) => line.verdict === verdict);
    assert.ok(found, JSON.stringify(lines));
    assert.notEqual(found.fix ?? "", "");
    if (verdict === "problem") assert.equal(code, 1);
  });
}

/** What cannot be broken on a server on loopback, what is never seen from outside, and what is always missing here. */
const OTHERWISE = new Set([
  ...["transport.tls", "review.public", "review.domain", "review.looks", "review.callback"],
  ...["review.account", "review.cases"],
]);

Deno.test("every check of the doctor has a server that is broken for it", async () => {
  const { results } = await examineJson([RESOURCE, "--review"], server.request);
  const ids = [...new Set(results.map(({ id }) => id))];
  assert.deepEqual(ids.filter((id) => !(id in BROKEN) && !OTHERWISE.has(id)), []);
  assert.deepEqual(Object.keys(BROKEN).filter((id) => !ids.includes(id)), []);
});

Deno.test("tokens in clear over http are a problem, and so is a widget without a domain for a review", async () => {
  const { results } = await examineJson(
    ["http://mcp.example/mcp", "--review"],
    (request) => server.request(request.url.replace("http://mcp.example", origin), request),
  );
  const verdicts = Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));
  assert.equal(verdicts["transport.tls"], "problem");
  assert.equal(verdicts["review.public"], "problem");
  const own = await examineJson([RESOURCE, "--review"], server.request);
  assert.equal(own.results.find(({ id }) => id === "review.domain")?.verdict, "problem");
});

Deno.test("what a review misses of this server comes with the name of its setting here", async () => {
  const { results } = await examineJson([RESOURCE, "--review"], server.request);
  const fixes = Object.fromEntries(results.map(({ id, fix }) => [id, fix ?? ""]));
  assert.match(fixes["review.domain"]!, /WIDGET_DOMAIN/);
  for (const name of ["website", "privacy", "terms", "support"]) {
    assert.match(fixes[`review.${name}`]!, new RegExp(`publisher\\.${name} of defineApp`));
  }
});

Deno.test("a tenant of Auth0 is told each switch of its dashboard", async () => {
  const tenant = "https://tenant.auth0.com/";
  const { results } = await examineJson([RESOURCE], async (request) => {
    const call = await readCall(request);
    if (request.url === `${tenant}.well-known/oauth-authorization-server`) {
      return Response.json({ issuer: tenant, registration_endpoint: `${tenant}oidc/register` });
    }
    return await metadata(ISSUER, tenant)(call) ?? await call.sound();
  });
  const fixes = results.filter(({ id }) => id.startsWith("auth0.")).map(({ fix }) => fix);
  for (
    const [index, words] of [RESOURCE, "Default Audience", "Registration", "Domain Level", "RBAC"].entries()
  ) {
    assert.match(fixes[index] ?? "", new RegExp(words));
  }
});
