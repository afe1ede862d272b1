import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import type { TestPostgres } from "./postgres_server.ts";

/**
 * PostgreSQL compiled to WebAssembly, in this process; each database is a server of its own. Its clients share one
 * session, so there must be one connection only.
 */
export function startPglite(): TestPostgres {
  const servers: PGLiteSocketServer[] = [];
  const databases: PGlite[] = [];
  return {
    async createDatabase() {
      const db = await PGlite.create();
      databases.push(db);
      const server = new PGLiteSocketServer({ db, host: "127.0.0.1", port: 0 });
      await server.start();
      servers.push(server);
      return `postgres://postgres@${server.getServerConn()}/postgres?connection_limit=1`;
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server.stop();
      for (const database of databases) await database.close();
    },
  };
}
