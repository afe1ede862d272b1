import assert from "node:assert/strict";
import { openStorage } from "../../src/storage/mod.ts";
import { openPostgres } from "../../src/storage/postgres.ts";
import type { TestPostgres } from "../app/postgres_server.ts";
import { granted } from "../real/served.ts";

const ignore = !await granted("net", "run", "read", "write", "env", "sys");
const NOTES = "CREATE TABLE notes (note text PRIMARY KEY, at timestamptz)";
let server: TestPostgres;

if (!ignore) {
  Deno.test.beforeAll(async () => {
    const { startPostgres } = await import("../app/postgres_server.ts");
    server = await startPostgres();
  });
  Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());
}

async function open(databaseUrl: string, postgres: readonly string[] = [NOTES]) {
  const causes: string[] = [];
  const storage = await openStorage({
    databaseUrl,
    schema: { name: "notes", sqlite: [], postgres },
    outage: () => new Error("Notes are away"),
    onFailure: (cause) => causes.push(cause),
    now: () => 0,
  });
  return { storage, causes, [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose]() };
}

Deno.test({
  name: "a Postgres that takes connections and never answers is given up when its time is up",
  ignore,
  async fn() {
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const accepted = silent.accept();
    const url = `postgres://ada:canary@127.0.0.1:${silent.addr.port}/notes`;
    const database = openPostgres(url, { name: "notes", sqlite: [], postgres: [NOTES] }, 50);
    const error: unknown = await database.query("SELECT 1").catch((error) => error);
    assert.match(String(error), /^Error: The database has not answered for 0.05 seconds\.$/);
    (await accepted).close();
    await database[Symbol.asyncDispose]();
  },
});

Deno.test({
  name: "the cause of a failure is its code and message, and no details that may quote what was stored",
  ignore,
  async fn() {
    await using opened = await open(await server.createDatabase());
    const add = () => opened.storage.query("INSERT INTO notes VALUES ($1, $2)", ["canary", new Date(7)]);
    await add();
    await assert.rejects(add, /^Error: Notes are away$/);
    assert.match(
      opened.causes.join(),
      /^23505: duplicate key value violates unique constraint "notes_pkey"$/,
    );
    const [row] = await opened.storage.query<{ at: Date }>("SELECT at FROM notes");
    assert.equal(Number(row?.at), 7);
  },
});

Deno.test({
  name: "a Postgres whose disk is full is not ready, although it can be read (issue 13 part 4)",
  ignore,
  async fn() {
    await using opened = await open(await server.createDatabase());
    const { storage, causes } = opened;
    const full = storage.query("DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$");
    await assert.rejects(full, /^Error: Notes are away$/);
    await assert.rejects(() => storage.check(), /cannot be used right now: the log says why/);
    assert.match(causes.join("\n"), /^53100: no space left\n.*the disk is full/);
    assert.deepEqual(await storage.query("SELECT note FROM notes"), []);
  },
});

Deno.test({
  name: "a transaction's own error undoes it in Postgres, and reaches the caller as it is",
  ignore,
  async fn() {
    await using opened = await open(await server.createDatabase());
    const refused = opened.storage.transaction(function* (query) {
      yield* query("INSERT INTO notes VALUES ($1)", ["note"]);
      throw new Error("This note is not wanted");
    });
    await assert.rejects(refused, /^Error: This note is not wanted$/);
    assert.deepEqual(await opened.storage.query("SELECT note FROM notes"), []);
    assert.deepEqual(opened.causes, []);
  },
});

Deno.test({
  name:
    "a Postgres schema is brought further by the migrations that are missing, and a newer one is used as it is",
  ignore,
  async fn() {
    const url = await server.createDatabase();
    const MORE = "ALTER TABLE notes ADD COLUMN by text";
    {
      await using old = await open(url);
      await old.storage.query("INSERT INTO notes VALUES ($1)", ["kept"]);
      await using next = await open(url, [NOTES, MORE]);
      assert.deepEqual(await next.storage.query("SELECT note, by FROM notes"), [{ note: "kept", by: null }]);
      await old.storage.query("INSERT INTO notes VALUES ($1)", ["by the old program"]);
    }
    await using oldAgain = await open(url);
    assert.equal((await oldAgain.storage.query("SELECT note FROM notes")).length, 2);
  },
});

Deno.test("a Postgres address that is no URL is refused without being shown (A4)", async () => {
  const error: unknown = await open("postgres://ada:hunter/2@db.example/notes").catch((error) => error);
  assert.match(String(error), /not a URL/);
  assert.doesNotMatch(Deno.inspect(error), /hunter/);
});
