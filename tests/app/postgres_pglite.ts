import { UNLOCKED, UNLOCKED_FLAGS } from "../unlocked.ts";
import type { TestPostgres } from "./postgres_server.ts";

const SERVER = `
import { PGlite } from "${UNLOCKED.pglite}";
import { PGLiteSocketServer } from "${UNLOCKED.pgliteSocket}";
const server = new PGLiteSocketServer({ db: await PGlite.create(), host: "127.0.0.1", port: 0 });
await server.start();
console.log(server.getServerConn());
`;

/**
 * PostgreSQL compiled to WebAssembly; each database is a server and a process of its own. Its clients share one
 * session, so there must be one connection only.
 */
export function startPglite(): TestPostgres {
  const servers: Deno.ChildProcess[] = [];
  return {
    async createDatabase() {
      const server = new Deno.Command(Deno.execPath(), {
        args: ["eval", ...UNLOCKED_FLAGS, SERVER],
        stdin: "null",
        stdout: "piped",
      }).spawn();
      servers.push(server);
      for await (const line of server.stdout.pipeThrough(new TextDecoderStream())) {
        return `postgres://postgres@${line.trim()}/postgres?connection_limit=1`;
      }
      throw new Error("PGlite did not start: run its code by hand.");
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.kill("SIGKILL");
        await server.status;
      }
    },
  };
}
