/**
 * The server side of a benchmark: serves on the port of the first argument, and answers its resident memory in bytes
 * on the port of the second, so that the measured one stays as it is in production.
 */
export function contend(fetch: (request: Request) => Response | Promise<Response>): void {
  const [port, controlPort] = Deno.args.map(Number);
  const options = { hostname: "127.0.0.1", onListen: () => {} };
  Deno.serve({ ...options, port: port! }, fetch);
  Deno.serve({ ...options, port: controlPort! }, () => Response.json(Deno.memoryUsage().rss));
}
