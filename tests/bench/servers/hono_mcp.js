/** @hono/mcp, stateless: a server and a transport for each request, since those of its first example are one client's. */
import { StreamableHTTPTransport } from "@hono/mcp";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { Hono } from "hono";
import { asShape, registerAll } from "./sdk_tools.js";
import { callerOf, serve } from "./serve.js";

const app = new Hono();
app.use("/mcp", async (c, next) => {
  const caller = await callerOf(c.req.raw.headers).catch(() => null);
  if (caller === null) return c.text("Unauthorized", 401);
  if (caller) c.set("auth", { token: "", clientId: "", scopes: [], extra: { subject: caller.sub } });
  await next();
});
app.all("/mcp", async (c) => {
  const server = new McpServer({ name: "books", version: "1.0.0" });
  registerAll(server, asShape, ({ authInfo }) => authInfo?.extra?.subject);
  const transport = new StreamableHTTPTransport({ enableJsonResponse: true });
  await server.connect(transport);
  return await transport.handleRequest(c);
});

await serve(app.fetch);
