import { freePort, NOTES, type ServerProcess, startProcess } from "./process.ts";

/** A server started with no configuration, as somebody sees it who has just cloned the repository. */
export interface FirstMinute extends AsyncDisposable {
  /** Its MCP endpoint. */
  readonly resource: string;
  /** Everything that it has written since its last start. */
  readonly written: string;
  /** Stops the process and starts another on the same port and database. */
  restart(): Promise<void>;
}

/**
 * Starts the server on a free port, with a database of its own that is removed at the end.
 *
 * @param args Of Deno; the app of notes by default.
 */
export async function startFirstMinute(
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = NOTES,
): Promise<FirstMinute> {
  const port = freePort();
  const database = `data/first-minute-${crypto.randomUUID()}.db`;

  async function start(): Promise<ServerProcess> {
    const started = startProcess({ PORT: String(port), SQLITE_PATH: database, ...env }, { args });
    await started.wrote("Listening on");
    return started;
  }

  let process = await start();
  return {
    resource: `http://localhost:${port}/mcp`,
    get written() {
      return process.written;
    },
    async restart() {
      await process[Symbol.asyncDispose]();
      process = await start();
    },
    async [Symbol.asyncDispose]() {
      await process[Symbol.asyncDispose]();
      await removeDatabase(new URL(`../../${database}`, import.meta.url));
    },
  };
}

/** SQLite keeps up to two files beside the database, which outlive a process that was killed. */
async function removeDatabase({ href }: URL): Promise<void> {
  for (const suffix of ["", "-wal", "-shm"]) {
    await Deno.remove(new URL(`${href}${suffix}`)).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}
