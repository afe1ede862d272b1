import app from "../../src/app/mod.ts";
import type { Tool } from "../../src/mcp/tool.ts";
import { playground } from "../../src/app/playground.ts";
import { createDevIssuer } from "../../src/dev/issuer/issuer.ts";
import { type ClientFiles, readClientFiles } from "../../src/dev/playground/server/client_files.ts";
import { createPlayground } from "../../src/dev/playground/server/playground.ts";
import { createTestServer, type TestServer } from "../app/support.ts";
import { DatabaseSync } from "node:sqlite";

/** Makes other tools of the sample's. */
type Change = (tools: readonly Tool[]) => readonly Tool[];

/** A development server on a free port, with its clock. */
export interface Served extends AsyncDisposable {
  /** Origin of the page. */
  readonly origin: string;
  /** Moves the server's clock. */
  pass(seconds: number): void;
  /** Starts the server again as a save does: with other tools, and all else as it was. */
  restart(change: Change): Promise<void>;
}

/** Reads the page that `deno task build` has made; undefined where there is none. */
export function builtClient(): Promise<ClientFiles | undefined> {
  return readClientFiles((path) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url)));
}

/** Serves MCP, the authorization server and the playground, as a start without configuration does. */
export async function serveDevelopment(
  { prompts = playground.prompts, change = (tools) => tools }: {
    readonly prompts?: readonly string[];
    readonly change?: Change;
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
  const folder = await Deno.makeTempDir();
  const issuer = await createDevIssuer({
    issuer: `${origin}/auth`,
    resource,
    scopes: app.scopes,
    database,
    now,
  });
  const start = async (change: Change) => {
    ({ server } = await createTestServer({
      app: {
        ...app,
        async open(deps) {
          const opened = await app.open({ ...deps, env: { DEMO_ORDERS: true } });
          return { ...opened, tools: change(opened.tools) };
        },
      },
      fetch: issuer.fetch,
      audiences: [resource],
      sqlitePath: `${folder}/orders.db`,
      issuers: [issuer.issuer],
      resource,
      routes: createPlayground({
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
  await start(change);
  made.resolve();
  return {
    origin,
    restart: start,
    pass: (seconds) => void (ahead += seconds * 1000),
    async [Symbol.asyncDispose]() {
      await listener.shutdown();
      database.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
