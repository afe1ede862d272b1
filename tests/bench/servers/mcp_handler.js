/** mcp-handler as its documentation has it, with its own check of tokens. */
import { createMcpHandler, withMcpAuth } from "mcp-handler";
import { asObject, registerAll } from "./sdk_tools.js";
import { serve, verifyAccessToken } from "./serve.js";

const handler = createMcpHandler(
  (server) => registerAll(server, asObject, ({ http }) => http?.authInfo?.extra?.subject),
  { serverInfo: { name: "books", version: "1.0.0" } },
);
const verifyToken = async (_request, token) =>
  token === undefined ? undefined : await verifyAccessToken(token);

await serve(withMcpAuth(handler, verifyToken, { required: false }));
