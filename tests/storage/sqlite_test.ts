import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openStorage, type StorageOptions } from "../../src/storage/mod.ts";
import { granted } from "../real/served.ts";

const ignore = !await granted("read", "write");
const NOTES = "CREATE TABLE notes (note TEXT PRIMARY KEY)";
const OUTAGE = /^Error: Notes are away$/;

/** Notes in a file, another program that has it open too, and what was waited for. */
async function shared(options: Partial<StorageOptions> = {}) {
  const cleanup = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  cleanup.defer(() => Deno.remove(folder, { recursive: true }));
  const path = `${folder}/new folder/notes.db`;
  const clock = { now: 0 };
  const causes: string[] = [];
  const waits: number[] = [];
  /** What happens while a statement waits. */
  const meanwhile: { run?: () => void | Promise<void> } = {};
  const open = () =>
    openStorage({
      sqlite: path,
      schema: { name: "notes", sqlite: [NOTES], postgres: [] },
      outage: () => new Error("Notes are away"),
      onFailure: (cause) => causes.push(cause),
      now: () => clock.now,
      wait: async (ms) => {
        waits.push(ms);
        await meanwhile.run?.();
      },
      ...options,
    });
  const storage = cleanup.use(await open());
  const other = new DatabaseSync(path);
  cleanup.defer(() => other.close());
  const add = (note: string) =>
    storage.transaction(function* (query) {
      yield* query("INSERT INTO notes VALUES ($1)", [note]);
    });
  const notes = async () =>
    (await storage.query<{ note: string }>("SELECT note FROM notes")).map(({ note }) => note);
  return {
    storage,
    other,
    open,
    add,
    notes,
    clock,
    causes,
    waits,
    meanwhile,
    [Symbol.asyncDispose]: () => cleanup.disposeAsync(),
  };
}

Deno.test({
  name:
    "while another program holds the lock, others read, are ready and wait for nothing; then the write happens (A7)",
  ignore,
  async fn() {
    await using file = await shared();
    await file.add("first");
    file.other.exec("BEGIN IMMEDIATE");
    file.meanwhile.run = async () => {
      const before = file.waits.length;
      assert.deepEqual(await file.notes(), ["first"]);
      await file.storage.check();
      assert.equal(file.waits.length, before, "they did not wait");
      if (before === 4) file.other.exec("COMMIT");
    };
    const started = performance.now();
    await file.add("second");
    // SQLite's own waiting would have held up the whole process for as long as the lock, up to its busy_timeout.
    assert.ok(performance.now() - started < 4_000, "nothing blocked the process");
    assert.deepEqual(file.waits, [5, 10, 20, 40]);
    assert.deepEqual(await file.notes(), ["first", "second"]);
    assert.deepEqual(file.causes, []);
  },
});

Deno.test({
  name: "a lock that stays is an outage after five seconds, with the cause for the operator, and heals (A7)",
  ignore,
  async fn() {
    await using file = await shared();
    file.other.exec("BEGIN IMMEDIATE");
    await assert.rejects(file.add("note"), OUTAGE);
    const waited = file.waits.reduce((sum, ms) => sum + ms);
    assert.ok(waited >= 5_000 && waited <= 5_100, String(waited));
    assert.deepEqual(file.causes, ["ERR_SQLITE_ERROR: database is locked"]);
    file.other.exec("COMMIT");
    await file.add("note");
    assert.deepEqual(await file.notes(), ["note"]);
  },
});

Deno.test({
  name: "a start waits for a lock without blocking, and says which file it could not use (A7)",
  ignore,
  async fn() {
    await using file = await shared();
    file.other.exec("PRAGMA user_version = 0; DROP TABLE notes; BEGIN IMMEDIATE");
    file.meanwhile.run = () => {
      if (file.waits.length === 3) file.other.exec("COMMIT");
    };
    await using _second = await file.open();
    assert.equal(file.waits.length, 3);

    file.other.exec("PRAGMA user_version = 0; BEGIN IMMEDIATE");
    await assert.rejects(file.open(), /Cannot use the database .*notes\.db: database is locked/);
    file.other.exec("COMMIT");
  },
});

Deno.test({
  name: "asking whether it is ready writes nothing (A7)",
  ignore,
  async fn() {
    await using file = await shared();
    const version = () => file.other.prepare("PRAGMA data_version").get()?.["data_version"];
    const before = version();
    for (let second = 1; second <= 3; second++) {
      file.clock.now += 1_000;
      await file.storage.check();
    }
    assert.equal(version(), before);
    await file.add("note");
    assert.notEqual(version(), before, "a write would have been seen");
  },
});

Deno.test({
  name:
    "a full disk is noticed by writes, makes it not ready for ten seconds, and what was written can be read (A7)",
  ignore,
  async fn() {
    await using file = await shared();
    await file.add("note");
    await file.storage.query("PRAGMA max_page_count = 1");
    await assert.rejects(file.add("x".repeat(100_000)), OUTAGE);
    await assert.rejects(file.storage.check(), /cannot be used right now: the log says why/);
    assert.deepEqual(file.causes, [
      "ERR_SQLITE_ERROR: database or disk is full",
      "The last write failed: the disk is full, read-only or broken.",
    ]);
    assert.deepEqual(await file.notes(), ["note"]);
    file.clock.now += 10_000;
    await file.storage.check();
  },
});

Deno.test("a transaction's own error undoes it, reaches the caller as it is, and is no failure of the database", async () => {
  const causes: string[] = [];
  await using storage = await openStorage({
    sqlite: ":memory:",
    schema: { name: "notes", sqlite: [NOTES], postgres: [] },
    outage: () => new Error("Notes are away"),
    onFailure: (cause) => causes.push(cause),
    now: () => 0,
  });
  const refused = storage.transaction(function* (query) {
    yield* query("INSERT INTO notes VALUES ($1)", ["note"]);
    throw new Error("This note is not wanted");
  });
  await assert.rejects(refused, /^Error: This note is not wanted$/);
  assert.deepEqual(await storage.query("SELECT note FROM notes"), []);
  assert.deepEqual(causes, []);

  await storage.query("INSERT INTO notes VALUES ($1)", ["canary"]);
  await assert.rejects(storage.query("INSERT INTO notes VALUES ($1)", ["canary"]), OUTAGE);
  assert.match(causes.join(), /^ERR_SQLITE_ERROR: UNIQUE constraint failed/);
  assert.doesNotMatch(causes.join(), /canary/);
});

Deno.test("values come back as they went in: text, numbers, bytes, nothing, true, and a time as milliseconds", async () => {
  await using storage = await openStorage({
    sqlite: ":memory:",
    schema: { name: "notes", sqlite: [], postgres: [] },
    outage: () => new Error("Notes are away"),
    onFailure: assert.fail,
    now: () => 0,
  });
  const values = ["$1 ?1 'x", 1.5, new Uint8Array([1, 2]), undefined, true, new Date(7)];
  const [row] = await storage.query("SELECT $6 AS f, $5 AS e, $4 AS d, $3 AS c, $2 AS b, $1 AS a", values);
  assert.deepEqual({ ...row as object }, {
    a: "$1 ?1 'x",
    b: 1.5,
    c: new Uint8Array([1, 2]),
    d: null,
    e: 1,
    f: 7,
  });
});

Deno.test("a storage that is given no database says which variables to set", async () => {
  await assert.rejects(
    openStorage({
      schema: { name: "notes", sqlite: [NOTES], postgres: [] },
      outage: () => new Error("Notes are away"),
      onFailure() {},
      now: () => 0,
    }),
    { message: "Cannot open the storage: set DATABASE_URL, or SQLITE_PATH where the runtime has SQLite." },
  );
});
