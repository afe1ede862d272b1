import type { AppDefinition } from "../../src/mcp/app.ts";
import type { Tool } from "../../src/mcp/tool.ts";
import { createDevIssuer } from "../../src/dev/issuer/issuer.ts";
import { type ClientFiles, readClientFiles } from "../../src/dev/playground/server/client_files.ts";
import { createPlayground } from "../../src/dev/playground/server/playground.ts";
import notes from "../notes_app.ts";
import { ask, createTestServer, type TestServer, toolCall } from "../support.ts";
import { DatabaseSync } from "node:sqlite";

/** Makes other tools of the app's. */
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

/** What people find in the app of notes. */
export const NOTES = { Ada: "Ask Babbage", Grace: "Find the moth" };

export interface ServeOptions {
  /** The app of notes by default, in which people have one note each. */
  readonly app?: AppDefinition;
  /** The app's variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Those of the app by default. */
  readonly prompts?: readonly string[];
  readonly change?: Change;
}

/** Serves MCP, the authorization server and the playground, as a start without configuration does. */
export async function serveDevelopment(
  { app = notes, env, prompts = app.playground?.prompts ?? [], change = (tools) => tools }: ServeOptions = {},
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
          const opened = await app.open(deps);
          return { ...opened, tools: change(opened.tools) };
        },
      },
      ...(env && { env }),
      fetch: issuer.fetch,
      audiences: [resource],
      sqlitePath: `${folder}/data.db`,
      issuers: [issuer.issuer],
      resource,
      routes: createPlayground({
        ...app.playground,
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
  if (app === notes) {
    for (const [person, title] of Object.entries(NOTES)) {
      const token = await issuer.accessToken({ person, scopes: ["notes:write"] });
      await ask(server!, toolCall("legacy", "add_note", { title }, { token }));
    }
  }
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
