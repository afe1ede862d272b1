/** tmcp as its documentation has it: one server, the caller in the context of each request. */
import { ZodJsonSchemaAdapter } from "@tmcp/adapter-zod";
import { HttpTransport } from "@tmcp/transport-http";
import { McpServer } from "tmcp";
import { z } from "zod";
import { loans, READ_ONLY, resultOf, search, SIGN_IN, unused, WIDGET } from "./library.js";
import { callerOf, serve, UNUSED } from "./serve.js";

const server = new McpServer({ name: "books", version: "1.0.0", description: "Books." }, {
  adapter: new ZodJsonSchemaAdapter(),
  capabilities: { tools: {}, resources: {} },
});
const describe = ({ name, title, description, input, output }, meta) => ({
  ...{ name, title, description, annotations: READ_ONLY },
  schema: z.object(input),
  outputSchema: z.object(output),
  ...(meta && { _meta: meta }),
});
for (const tool of [search, ...unused(UNUSED)]) {
  server.tool(describe(tool), ({ query }) => resultOf(tool.run(query, server.ctx.custom?.subject)));
}
server.tool(describe(loans, { ui: { resourceUri: WIDGET.uri } }), ({ limit }) => {
  const { subject } = server.ctx.custom ?? {};
  return subject === undefined
    ? { content: [{ type: "text", text: SIGN_IN }], isError: true }
    : resultOf(loans.run(limit, subject));
});
const { uri, mimeType, html: text } = WIDGET;
server.resource({ name: "loans", description: "The person's loans.", uri }, () => ({
  contents: [{ uri, mimeType, text }],
}));
const transport = new HttpTransport(server, { path: "/mcp" });

await serve(async (request) => {
  const caller = await callerOf(request.headers).catch(() => null);
  if (caller === null) return new Response("Unauthorized", { status: 401 });
  return await transport.respond(request, { subject: caller?.sub }) ?? new Response(null, { status: 404 });
});
