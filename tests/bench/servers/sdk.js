/** The official SDK as its documentation has it: a server built for each request, its own checks of Host, Origin and token. */
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  McpServer,
  originValidationResponse,
  requireBearerAuth,
} from "@modelcontextprotocol/server";
import { SCOPE } from "./library.js";
import { asObject, registerAll } from "./sdk_tools.js";
import { serve, verifyAccessToken } from "./serve.js";

const gate = requireBearerAuth({ verifier: { verifyAccessToken }, requiredScopes: [SCOPE] });
const handler = createMcpHandler(() => {
  const server = new McpServer({ name: "books", version: "1.0.0" });
  registerAll(server, asObject, ({ http }) => http?.authInfo?.extra?.subject);
  return server;
});

await serve(async (request) => {
  const rejected = hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins());
  if (rejected) return rejected;
  // Without a token a request passes: one of the tools is open.
  if (!request.headers.has("authorization")) return await handler.fetch(request);
  const authInfo = await gate(request);
  return authInfo instanceof Response ? authInfo : await handler.fetch(request, { authInfo });
});
