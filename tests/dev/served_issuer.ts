import { createDevIssuer, type DevIssuer, type DevIssuerOptions } from "../../src/dev/issuer/issuer.ts";

/** An issuer that listens on a free port of this machine until disposed. */
export interface ServedIssuer extends AsyncDisposable {
  readonly issuer: DevIssuer;
  /** `http://localhost:<port>`; `http://127.0.0.1:<port>` reaches the same server. */
  readonly origin: string;
  readonly port: number;
}

/** Serves an issuer; `/callback` answers for an app. */
export async function serveIssuer(
  options: Pick<DevIssuerOptions, "passcode" | "timeout"> = {},
): Promise<ServedIssuer> {
  // The issuer's name holds the port, which is known only once something listens there.
  let answer = (_request: Request): Response | Promise<Response> => new Response(null, { status: 503 });
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => answer(request));
  const { port } = server.addr;
  const origin = `http://localhost:${port}`;
  const issuer = await createDevIssuer({
    issuer: `${origin}/auth`,
    resource: `${origin}/mcp`,
    scopes: { "notes:read": "See your notes" },
    ...options,
  });
  answer = (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/callback") return new Response("back in the app");
    // Browsers ask for it on the app's page, and would log a 404.
    if (pathname === "/favicon.ico") return new Response(null, { status: 204 });
    return issuer.app.fetch(request);
  };
  return { issuer, origin, port, [Symbol.asyncDispose]: () => server.shutdown() };
}
