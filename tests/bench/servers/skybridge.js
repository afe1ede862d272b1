/** skybridge with its check of tokens, which lets everyone pass where a tool says so. */
import http from "node:http";
import process from "node:process";
import { Skybridge } from "skybridge/server";
import { asShape } from "./sdk_tools.js";
import { loans, READ_ONLY, resultOf, SCOPE, search, unused, WIDGET } from "./library.js";
import { issuer, PORT, UNUSED, verifyAccessToken } from "./serve.js";

// It listens on every interface and cannot be told not to.
const listen = http.Server.prototype.listen;
http.Server.prototype.listen = function (port, listening) {
  return listen.call(this, port, "127.0.0.1", listening);
};
process.env.__PORT = String(PORT);

const describe = ({ name, title, description, input, output }) => ({
  ...{ name, title, description, annotations: READ_ONLY },
  inputSchema: asShape(input),
  outputSchema: asShape(output),
});
const subjectOf = ({ http }) => http?.authInfo?.extra?.subject;

const app = new Skybridge({
  name: "books",
  version: "1.0.0",
  oauth: {
    baseUrl: "http://localhost:8000",
    oauthMetadata: {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      response_types_supported: ["code"],
    },
    verifier: { verifyAccessToken },
  },
  handler(server) {
    for (const tool of [search, ...unused(UNUSED)]) {
      server.registerTool(
        { ...describe(tool), auth: { allowsAnonymous: true } },
        ({ query }, extra) => resultOf(tool.run(query, subjectOf(extra))),
      );
    }
    server.registerTool(
      { ...describe(loans), auth: { scopes: [SCOPE] }, _meta: { ui: { resourceUri: WIDGET.uri } } },
      ({ limit }, extra) => resultOf(loans.run(limit, subjectOf(extra))),
    );
    const { uri, mimeType, html: text } = WIDGET;
    server.registerResource("loans", uri, { mimeType }, () => ({ contents: [{ uri, mimeType, text }] }));
    return server;
  },
});
await app.run();
