import { z } from "zod";
import { loans, READ_ONLY, resultOf, search, SIGN_IN, unused, WIDGET } from "./library.js";
import { UNUSED } from "./serve.js";

/**
 * Registers the two tools and the widget, as the SDK's documentation does and that of all that stand on it.
 *
 * @param server An `McpServer` of either version.
 * @param schema What the version takes: Zod objects, or their shapes.
 * @param subjectOf Who calls, from what a handler is given.
 */
export function registerAll(server, schema, subjectOf) {
  const describe = ({ title, description, input, output }, meta) => ({
    ...{ title, description, annotations: READ_ONLY },
    inputSchema: schema(input),
    outputSchema: schema(output),
    ...(meta && { _meta: meta }),
  });
  for (const tool of [search, ...unused(UNUSED)]) {
    server.registerTool(
      tool.name,
      describe(tool),
      ({ query }, extra) => resultOf(tool.run(query, subjectOf(extra))),
    );
  }
  server.registerTool(
    loans.name,
    describe(loans, { ui: { resourceUri: WIDGET.uri } }),
    ({ limit }, extra) => {
      const subject = subjectOf(extra);
      return subject === undefined
        ? { content: [{ type: "text", text: SIGN_IN }], isError: true }
        : resultOf(loans.run(limit, subject));
    },
  );
  const { uri, mimeType, html: text } = WIDGET;
  server.registerResource("loans", uri, { mimeType }, () => ({ contents: [{ uri, mimeType, text }] }));
}

/** As version 2 wants schemas. */
export const asObject = (shape) => z.object(shape);
/** As version 1 wants schemas. */
export const asShape = (shape) => shape;
