import { createTestServer, type TestServer } from "../support.ts";

/** A server that listens on loopback until it is disposed of. */
export interface Served extends AsyncDisposable {
  /** Its MCP endpoint. */
  readonly resource: string;
}

/**
 * Puts the whole server on a free port, with a database in memory.
 *
 * @param issuer A function starts one that has to know the MCP endpoint.
 * @param options By default it reaches the issuer over the network, and its clock is the machine's.
 */
export async function serve(
  issuer: string | ((resource: string) => Promise<string>),
  options: Parameters<typeof createTestServer>[0] = {},
): Promise<Served> {
  // The resource is known only when the port is, so the server is made behind the listener.
  const made = Promise.withResolvers<TestServer>();
  const listener = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request, info) => await (await made.promise).fetch(request, info),
  );
  const resource = `http://127.0.0.1:${listener.addr.port}/mcp`;
  const { server } = await createTestServer({
    issuers: [typeof issuer === "string" ? issuer : await issuer(resource)],
    resource,
    audiences: [resource],
    fetch: globalThis.fetch,
    now: Date.now,
    ...options,
  });
  made.resolve(server);
  return { resource, [Symbol.asyncDispose]: () => listener.shutdown() };
}

/** Whether all these permissions are granted already; bare `deno test` must not ask for any. */
export async function granted(...names: Deno.PermissionName[]): Promise<boolean> {
  const states = await Promise.all(names.map((name) => Deno.permissions.query({ name })));
  return states.every(({ state }) => state === "granted");
}
