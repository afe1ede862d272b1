/** Version 1 of the official SDK, stateless and in JSON, as its documentation has it: server and transport for each request. */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { asShape, registerAll } from "./sdk_tools.js";
import { callerOf, serve } from "./serve.js";

await serve(async (request) => {
  const caller = await callerOf(request.headers).catch(() => null);
  if (caller === null) return new Response("Unauthorized", { status: 401 });
  const server = new McpServer({ name: "books", version: "1.0.0" });
  registerAll(server, asShape, ({ authInfo }) => authInfo?.extra?.subject);
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await server.connect(transport);
  return await transport.handleRequest(request, {
    ...(caller && {
      authInfo: { token: "", clientId: "", scopes: [], extra: { subject: caller.sub } },
    }),
  });
});
