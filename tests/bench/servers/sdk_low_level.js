/** The official SDK's low-level server: descriptors made once, arguments checked by Zod, no second look at results. */
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
  requireBearerAuth,
  Server,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { loans, READ_ONLY, resultOf, SCOPE, search, SIGN_IN, unused, WIDGET } from "./library.js";
import { serve, UNUSED, verifyAccessToken } from "./serve.js";

const descriptorOf = ({ name, title, description, input, output }) => ({
  ...{ name, title, description, annotations: READ_ONLY },
  inputSchema: z.toJSONSchema(z.object(input), { io: "input" }),
  outputSchema: z.toJSONSchema(z.object(output)),
});
const tools = [
  ...[search, ...unused(UNUSED)].map(descriptorOf),
  { ...descriptorOf(loans), _meta: { ui: { resourceUri: WIDGET.uri } } },
];
const { uri, mimeType, html: text } = WIDGET;
const inputs = new Map([search, loans].map(({ name, input }) => [name, z.object(input)]));

const gate = requireBearerAuth({ verifier: { verifyAccessToken }, requiredScopes: [SCOPE] });
const handler = createMcpHandler(() => {
  const server = new Server({ name: "books", version: "1.0.0" }, {
    capabilities: { tools: {}, resources: {} },
  });
  server.setRequestHandler("tools/list", () => ({ tools }));
  server.setRequestHandler("resources/read", () => ({ contents: [{ uri, mimeType, text }] }));
  server.setRequestHandler("tools/call", ({ params: { name, arguments: args = {} } }, { http }) => {
    const subject = http?.authInfo?.extra?.subject;
    const input = inputs.get(name).parse(args);
    if (name === search.name) return resultOf(search.run(input.query, subject));
    return subject === undefined
      ? { content: [{ type: "text", text: SIGN_IN }], isError: true }
      : resultOf(loans.run(input.limit, subject));
  });
  return server;
}, { responseMode: "json" });

await serve(async (request) => {
  const rejected = hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins());
  if (rejected) return rejected;
  if (!request.headers.has("authorization")) return await handler.fetch(request);
  const authInfo = await gate(request);
  return authInfo instanceof Response ? authInfo : await handler.fetch(request, { authInfo });
});
