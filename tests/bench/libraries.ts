import { Hono } from "@hono/hono";
import { configure, getConsoleSink, getLogger } from "@logtape/logtape";
import { jwtVerify } from "@panva/jose";
import { z } from "zod";

/** What loading our libraries costs: the bare Hono server, and one use of each; the port as its argument. */
async function main(port: number): Promise<void> {
  await configure({
    sinks: { console: getConsoleSink() },
    loggers: [{ category: "libraries", sinks: ["console"] }],
  });
  await jwtVerify("", new Uint8Array()).catch(() => {});
  const Body = z.object({ id: z.number() });
  const server = new Hono().post("/mcp", async (c) => {
    const { id } = Body.parse(await c.req.json());
    return c.json({ jsonrpc: "2.0", id, result: {} });
  });
  const onListen = () => getLogger("libraries").info("Listening");
  Deno.serve({ hostname: "127.0.0.1", port, onListen }, server.fetch);
}

if (import.meta.main) await main(Number(Deno.args[0]));
