/** fastmcp, stateless, with its own hook for tokens. */
import { FastMCP } from "fastmcp";
import { z } from "zod";
import { loans, READ_ONLY, resultOf, search, SIGN_IN, unused, WIDGET } from "./library.js";
import { callerOf, PORT, UNUSED } from "./serve.js";

const server = new FastMCP({
  name: "books",
  version: "1.0.0",
  async authenticate({ headers }) {
    const caller = await callerOf(
      new Headers(headers.authorization && { authorization: headers.authorization }),
    );
    return { subject: caller?.sub };
  },
});
const describe = ({ name, description, title, input, output }) => ({
  ...{ name, description, annotations: { title, ...READ_ONLY } },
  parameters: z.object(input),
  outputSchema: z.object(output),
});
for (const tool of [search, ...unused(UNUSED)]) {
  server.addTool({
    ...describe(tool),
    execute: ({ query }, { session }) => Promise.resolve(resultOf(tool.run(query, session?.subject))),
  });
}
server.addTool({
  ...describe(loans),
  _meta: { ui: { resourceUri: WIDGET.uri } },
  execute: ({ limit }, { session }) =>
    Promise.resolve(
      session?.subject === undefined
        ? { content: [{ type: "text", text: SIGN_IN }], isError: true }
        : resultOf(loans.run(limit, session.subject)),
    ),
});
const { uri, mimeType, html: text } = WIDGET;
server.addResource({ name: "loans", uri, mimeType, load: () => Promise.resolve({ text }) });

await server.start({
  transportType: "httpStream",
  httpStream: { port: PORT, host: "127.0.0.1", stateless: true, enableJsonResponse: true },
});
