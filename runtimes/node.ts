/** The app on Node 20 or newer, as one file: the parts of the language that Node 20 lacks, and a listener. */
import "core-js/actual/iterator/map.js";
import "core-js/actual/iterator/some.js";
import "core-js/actual/promise/with-resolvers.js";
import "core-js/actual/regexp/escape.js";
import "core-js/actual/typed-array/to-base64.js";
import { serve } from "@hono/node-server";
import { getLogger } from "@logtape/logtape";
import { once } from "node:events";
import process from "node:process";
import web from "./web.ts";

serve({
  ...web,
  fetch: (request, { incoming, outgoing }) =>
    web.fetch(request, {
      remoteAddr: { hostname: incoming.socket.remoteAddress ?? "" },
      completed: once(outgoing, "close").then(() => {}),
    }),
}, ({ address, port }) => getLogger(["mcp"]).info("Listening on {address}:{port}", { address, port })).on(
  "error",
  ({ message }) => {
    console.error(`Cannot listen: ${message}. Set PORT and HOST to a free address.`);
    process.exit(1);
  },
);
