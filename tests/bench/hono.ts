import { Hono } from "@hono/hono";

/** The smallest server that a start can be compared with: one route, one answer, the port as its argument. */
function main(port: number): void {
  const server = new Hono().post("/mcp", (c) => c.json({ jsonrpc: "2.0", id: 1, result: {} }));
  Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, server.fetch);
}

if (import.meta.main) main(Number(Deno.args[0]));
