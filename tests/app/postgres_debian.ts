import { freePort } from "../free_port.ts";
import { databasesAt } from "./postgres_databases.ts";
import type { TestPostgres } from "./postgres_server.ts";

const VERSIONS = "/usr/lib/postgresql";
const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  // A crash of the machine would lose data, a crash of the server does not.
  "fsync=off",
  // The default is for the smallest machines; the manual's advice is a quarter of the memory.
  "shared_buffers=1GB",
];

/** The folder of Debian's newest PostgreSQL programs, if there is one. */
export function findPrograms(): string | undefined {
  try {
    const versions = [...Deno.readDirSync(VERSIONS)].map(({ name }) => name);
    const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
    return newest && `${VERSIONS}/${newest}/bin`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Starts a server with a new cluster in a temporary folder, on a free port of loopback. */
export async function startDebian(programs: string): Promise<TestPostgres> {
  const folder = await Deno.makeTempDir({ prefix: "pizza-postgres-" });
  const owner = await serverUser();
  if (owner.uid !== undefined) await Deno.chown(folder, owner.uid, owner.gid ?? null);
  const initdb = ["--pgdata", folder, "--username", "test", "--auth", "trust", "--no-sync"];
  await run(`${programs}/initdb`, initdb, owner);
  const port = freePort();
  const start = () => startServer(`${programs}/postgres`, folder, port, owner);
  let server = await start();
  return {
    ...databasesAt(`postgres://test@127.0.0.1:${port}/postgres`),
    async restart() {
      server.kill("SIGQUIT");
      await server.status;
      server = await start();
    },
    async [Symbol.asyncDispose]() {
      server.kill("SIGQUIT");
      await server.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Resolves when the server takes connections. SIGQUIT ends it at once, without a checkpoint: a crash. */
async function startServer(
  program: string,
  folder: string,
  port: number,
  owner: { uid?: number; gid?: number },
): Promise<Deno.ChildProcess> {
  const args = ["-D", folder, "-c", `port=${port}`, ...SETTINGS.flatMap((setting) => ["-c", setting])];
  const child = new Deno.Command(program, { args, cwd: folder, stdout: "null", stderr: "piped", ...owner })
    .spawn();
  const lines = child.stderr.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  for (let log = ""; !log.includes("ready to accept connections");) {
    const { value, done } = await lines.next();
    if (done) throw new Error(`PostgreSQL did not start: ${log}`);
    log += value;
  }
  // The log has to be read on, or the server waits for us.
  (async () => {
    while (!(await lines.next()).done);
  })();
  return child;
}

/** PostgreSQL refuses to run as root; Debian has a user for it. */
async function serverUser(): Promise<{ uid?: number; gid?: number }> {
  if (Deno.uid() !== 0) return {};
  const [uid, gid] = await Promise.all(["-u", "-g"].map((flag) => run("id", [flag, "postgres"], {})));
  return { uid: Number(uid), gid: Number(gid) };
}

async function run(program: string, args: string[], owner: { uid?: number; gid?: number }): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd: "/", ...owner }).output();
  if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
