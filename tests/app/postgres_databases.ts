// @ts-types="../../src/storage/pg.d.ts"
import pg from "pg";
import type { TestPostgres } from "./postgres_server.ts";

/** New databases on the server of the URL, whose user may create some; they are dropped in the end. */
export function databasesAt(url: string): TestPostgres {
  const made: string[] = [];
  return {
    async createDatabase() {
      const name = `pizza_test_${crypto.randomUUID().replaceAll("-", "")}`;
      await execute(url, `CREATE DATABASE ${name}`);
      made.push(name);
      return Object.assign(new URL(url), { pathname: name }).href;
    },
    async [Symbol.asyncDispose]() {
      for (const name of made) await execute(url, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Runs a statement on a connection of its own. */
export async function execute(url: string, sql: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url });
  await pool.query(sql);
  await pool.end();
}
