import { createApp } from "../../src/app/mod.ts";
import type { App } from "../../src/mcp/app.ts";
import { playground } from "../../src/app/playground.ts";
import { cacheVerified } from "../../src/auth/token_cache.ts";
import { createKeys, createVerify } from "../../src/auth/verify.ts";
import { createDevIssuer } from "../../src/dev/issuer/issuer.ts";
import { type ClientFiles, readClientFiles } from "../../src/dev/playground/server/client_files.ts";
import { createPlayground } from "../../src/dev/playground/server/playground.ts";
import { createTestServer, openTestOrders, type TestServer } from "../support.ts";
import { DatabaseSync } from "node:sqlite";

/** A development server on a free port, with its clock. */
export interface Served extends AsyncDisposable {
  /** Origin of the page. */
  readonly origin: string;
  /** Moves the server's clock. */
  pass(seconds: number): void;
  /** Starts the server again as a save does: with another app, and all else as it was. */
  restart(change: (app: App) => App): Promise<void>;
}

/** Reads the page that `deno task build` has made; undefined where there is none. */
export function builtClient(): Promise<ClientFiles | undefined> {
  return readClientFiles((path) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url)));
}

/** Serves MCP, the authorization server and the playground, as a start without configuration does. */
export async function serveDevelopment(
  { prompts = playground.prompts, change = (app) => app }: {
    readonly prompts?: readonly string[];
    /** Another app than the sample. */
    readonly change?: (app: App) => App;
  } = {},
): Promise<Served> {
  const client = await builtClient();
  let ahead = 0;
  const now = () => Date.now() + ahead;
  // The resource is known only when the port is, so the server is made behind the listener.
  const made = Promise.withResolvers<void>();
  let server: TestServer;
  const listener = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request, info) => {
      await made.promise;
      return await server.fetch(request, info);
    },
  );
  const origin = `http://localhost:${listener.addr.port}`;
  const resource = `${origin}/mcp`;
  const database = new DatabaseSync(":memory:");
  const { orders } = await openTestOrders({ sqlite: database, now });
  const app = change(createApp({ orders }));
  const issuer = await createDevIssuer({
    issuer: `${origin}/auth`,
    resource,
    scopes: app.scopes,
    database,
    now,
  });
  const keys = createKeys([issuer.issuer], { fetch: issuer.fetch, now });
  const start = async (app: App) => {
    ({ server } = await createTestServer({
      app,
      verify: cacheVerified(createVerify({ keys, audiences: [resource], now }), now),
      issuers: [issuer.issuer],
      resource,
      guard: { hosts: [], origins: [], loopback: true },
      readiness: {},
      development: createPlayground({
        ...playground,
        prompts,
        client,
        issuer,
        resource,
        title: app.title,
        now,
      }),
      now,
    }));
  };
  await start(app);
  made.resolve();
  return {
    origin,
    restart: async (change) => await start(change(app)),
    pass: (seconds) => void (ahead += seconds * 1000),
    async [Symbol.asyncDispose]() {
      await listener.shutdown();
      database.close();
    },
  };
}
