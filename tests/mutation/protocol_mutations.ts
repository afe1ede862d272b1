import type { Mutation } from "./mutations.ts";

const VERSIONS = ["tests/mcp/versions_test.ts"];
const HEADERS = ["tests/mcp/headers_test.ts"];
const TOOLS = ["tests/mcp/tools_test.ts"];
const RESOURCES = ["tests/mcp/resources_test.ts"];
const ACCEPT = ["tests/http/accept_test.ts"];
const TRANSPORT = ["tests/requirements/transport_test.ts"];
const DECLARATION = ["tests/ui/declaration_test.ts", "tests/mcp/never_test.ts"];

/** Lines that keep a promise of the protocol, of MCP Apps or of a host. */
export const PROTOCOL_MUTATIONS: readonly Mutation[] = [
  {
    what: "Mcp-Method is not looked at",
    file: "src/mcp/dispatch.ts",
    from: 'headers.get("mcp-method") === method &&',
    to: "",
    tests: HEADERS,
  },
  {
    what: "Mcp-Name is compared in any case",
    file: "src/mcp/dispatch.ts",
    from: '(headers.get("mcp-name") ?? "") === subject',
    to: '(headers.get("mcp-name") ?? "").toLowerCase() === subject',
    tests: HEADERS,
  },
  {
    what: "a modern call is refused before its headers are checked",
    file: "src/mcp/sdk_lane.ts",
    from: "let answer: Response | undefined;",
    to: "if (refusal) return refuse(refusal);\n    let answer: Response | undefined;",
    tests: HEADERS,
  },
  {
    what: "a missing method is told with 200",
    file: "src/mcp/sdk_lane.ts",
    from: "{ status: 404 }",
    to: "{ status: 200 }",
    tests: VERSIONS,
  },
  {
    what: "the method decides the era, whatever the body claims",
    file: "src/mcp/sdk_lane.ts",
    from: "const isLegacy = await",
    to: 'const isLegacy = ["initialize", "ping"].includes(incoming.messages[0]!.method!) || await',
    tests: VERSIONS,
  },
  {
    what: "the modern era takes batches",
    file: "src/mcp/sdk_lane.ts",
    from: "const isLegacy = await",
    to: "const isLegacy = Array.isArray(incoming.body) || await",
    tests: ["tests/mcp/batch_test.ts"],
  },
  {
    what: "a tool goes on for a caller that has hung up",
    file: "src/mcp/dispatch.ts",
    from: "return modern ? [signal, request.signal] : [signal];",
    to: "return [signal];",
    tests: ["tests/http/time_limit_test.ts"],
  },
  {
    what: "a notification is answered like a request",
    file: "src/mcp/sdk_lane.ts",
    from: "if (id === undefined) return undefined;",
    to: 'if (id === undefined) return "A request needs an id.";',
    tests: ACCEPT,
  },
  {
    what: "who prefers a stream gets one, though JSON would do",
    file: "src/mcp/event_stream.ts",
    from: 'accept.includes("json") ||',
    to: 'accept.startsWith("application/json") ||',
    tests: ACCEPT,
  },
  {
    what: "logging is declared, which is not there",
    file: "src/mcp/sdk_server.ts",
    from: "      tools: {},\n",
    to: "      tools: {},\n      logging: {},\n",
    tests: TRANSPORT,
  },
  {
    what: "tools are declared and not listed",
    file: "src/mcp/sdk_server.ts",
    from: "of Object.entries(lists)) {",
    to: "of Object.entries(lists).slice(1)) {",
    tests: TRANSPORT,
  },
  {
    what: "resources are declared and not listed",
    file: "src/mcp/sdk_server.ts",
    from: "of Object.entries(lists)) {",
    to: 'of Object.entries(lists).filter(([name]) => name !== "resources/list")) {',
    tests: TRANSPORT,
  },
  {
    what: "a header names the target that the gate decides on",
    file: "src/mcp/dispatch.ts",
    from: "const admission = gate(messages, principal);",
    to: `const name = request.headers.get("mcp-name") ?? message.params["name"];
    const admission = gate([{ ...message, params: { ...message.params, name } }], principal);`,
    tests: TRANSPORT,
  },
  {
    what: "only a bad token is challenged, not a missing one",
    file: "src/mcp/refusal.ts",
    from: "if (refusal.challenge) headers.set(",
    to: "if (refusal.challenge?.header.error) headers.set(",
    tests: TRANSPORT,
  },
  {
    what: "session ids are made, and asked for",
    file: "src/mcp/sdk_lane.ts",
    from: "      keepAliveMs,\n    });",
    to: "      keepAliveMs,\n      sessionIdGenerator: () => crypto.randomUUID(),\n    });",
    tests: ["tests/http/methods_test.ts"],
  },
  {
    what: "bodies are not read as UTF-8",
    file: "src/http/body.ts",
    from: 'new TextDecoder("utf-8",',
    to: 'new TextDecoder("latin1",',
    tests: ["tests/http/body_test.ts"],
  },
  {
    what: "a tool can be called only after the tools were listed",
    file: "src/mcp/dispatch.ts",
    from: "if (target?.tool) {",
    to: `const listed = fixed.get({ ...plain, method: "tools/list", subject: "" }, message.modern);
    if (target?.tool && !listed) return refuse({ status: 400, fault: "order", text: "List the tools first." });
    if (target?.tool) {`,
    tests: VERSIONS,
  },
  {
    what: "results have no resultType",
    file: "src/mcp/json_rpc.ts",
    from: 'resultType: "complete", ',
    to: "",
    tests: VERSIONS,
  },
  {
    what: "nobody is told how long a discovery holds",
    file: "src/mcp/sdk_server.ts",
    from: '["server/discover", ...Object.keys(lists)]',
    to: "Object.keys(lists)",
    tests: VERSIONS,
  },
  {
    what: "the UI extension is not advertised",
    file: "src/mcp/sdk_server.ts",
    from: '      extensions: { "io.modelcontextprotocol/ui": {} },\n',
    to: "",
    tests: VERSIONS,
  },
  {
    what: "every initialize gets the revision of the first",
    file: "src/mcp/dispatch.ts",
    from: "`${modern} ${method} ${subject}`",
    to: '`${modern} ${method} ${method === "initialize" ? "" : subject}`',
    tests: VERSIONS,
  },
  {
    what: "one era is given the fixed answers of the other",
    file: "src/mcp/dispatch.ts",
    from: "`${modern} ${method} ${subject}`",
    to: "`${method} ${subject}`",
    tests: VERSIONS,
  },
  {
    what: "initialize does not say who serves in full",
    file: "src/mcp/sdk_server.ts",
    from: "new Server(serverInfo, options)",
    to: "new Server({ name: serverInfo.name, version: serverInfo.version }, options)",
    tests: VERSIONS,
  },
  {
    what: "an id that is a number comes back as text",
    file: "src/mcp/dispatch.ts",
    from: '"id":${JSON.stringify(id)}',
    to: '"id":"${id}"',
    tests: ["tests/http/odd_bodies_test.ts"],
  },
  {
    what: "an error has a code that is reserved for something else",
    file: "src/mcp/json_rpc.ts",
    from: "INVALID_REQUEST = -32600;",
    to: "INVALID_REQUEST = -32002;",
    tests: ["tests/mcp/never_test.ts"],
  },
  {
    what: "no cache may keep the lists, though they are the same for all",
    file: "src/mcp/sdk_server.ts",
    from: 'cacheScope: "public"',
    to: 'cacheScope: "private"',
    tests: [...RESOURCES, ...TOOLS],
  },
  {
    what: "what is public is read without asking the policy of what is not",
    file: "src/mcp/gate.ts",
    from: "if (decision) admitted",
    to: "if (decision || found?.resource) admitted",
    tests: ["tests/mcp/own_app_test.ts"],
  },
  {
    what: "who has no scopes is shown no tools",
    file: "src/mcp/dispatch.ts",
    from: "return fixed.get(plain, message.modern) ??",
    to: `if (plain.method === "tools/list" && principal?.scopes.size === 0) {
      return toolAnswer(message, { tools: [] } as never, serverInfo);
    }
    return fixed.get(plain, message.modern) ??`,
    tests: TOOLS,
  },
  {
    what: "a tool that nobody has gives a result",
    file: "src/mcp/sdk_server.ts",
    from: 'if (!tool) throw nothing("tool", name);',
    to: 'if (!tool) return { isError: true, content: [{ type: "text", text: "There is no such tool." }] };',
    tests: TOOLS,
  },
  {
    what: "a missing resource has empty contents",
    file: "src/mcp/sdk_server.ts",
    from: "if (!resource || contents.length === 0) throw",
    to: "if (!resource) throw",
    tests: ["tests/mcp/define_resource_test.ts"],
  },
  {
    what: "a widget answers for whatever begins like its address",
    file: "src/mcp/widget.ts",
    from: "(\\\\.[0-9a-f]+)?\\\\.html$`",
    to: "`",
    tests: RESOURCES,
  },
  {
    what: "widgets have web addresses",
    file: "src/mcp/widget.ts",
    from: "const uri = `ui://widget/",
    to: "const uri = `https://widget/",
    tests: RESOURCES,
  },
  {
    what: "widgets have the media type of a web page",
    file: "src/mcp/widget.ts",
    from: '"text/html;profile=mcp-app"',
    to: '"text/html"',
    tests: [...RESOURCES, "tests/mcp/never_test.ts"],
  },
  {
    what: "a widget is sent without its head",
    file: "src/mcp/widget.ts",
    from: "    : page.html;",
    to: '    : page.html.slice(page.html.indexOf("<body"));',
    tests: RESOURCES,
  },
  {
    what: "a widget is sent with a script that makes code of text",
    file: "src/mcp/widget.ts",
    from: "    : page.html;",
    to: '    : page.html.replace("</body>", "<script>new Function(document.title)()</script></body>");',
    tests: RESOURCES,
  },
  {
    what: "a widget without a domain is given one",
    file: "src/mcp/widget.ts",
    from: "      ...(domain && { domain }),",
    to: '      domain: domain ?? "https://widgets.example",',
    tests: DECLARATION,
  },
  {
    what: "the origins that a widget fetches from are not declared",
    file: "src/mcp/widget.ts",
    from: "connectDomains: connect,",
    to: "connectDomains: [],",
    tests: DECLARATION,
  },
];
