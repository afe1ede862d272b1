import { fileURLToPath } from "node:url";
import { MAIN, type ServerProcess, startProcess } from "../../real/process.ts";
import { UNLOCKED, UNLOCKED_FLAGS } from "../../unlocked.ts";

type Env = Readonly<Record<string, string>>;

/** What the app of this repository can run on. */
export interface Runtime {
  /** Resolves when it listens on PORT of loopback. @throws Error with what it wrote, when it does not start. */
  start(env: Env): Promise<ServerProcess>;
  /** Whether it tells its program that it is to end. */
  readonly signals: boolean;
  /** What it says when it is to keep data in SQLite; undefined, it can. */
  readonly withoutSqlite?: RegExp;
}

const dist = (name: string) => fileURLToPath(new URL(`../../../dist/${name}`, import.meta.url));

let bundled: Promise<void> | undefined;

/** Runs `deno task bundle`, once for all tests. */
export function bundle(): Promise<void> {
  return bundled ??= output(Deno.execPath(), ["run", "--quiet", "-P=bundle", "runtimes/bundle.ts"]).then(
    () => {},
  );
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const cwd = new URL("../../../", import.meta.url);
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args], cwd }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

/** Whether a program can be run. */
export function runs(program: string): Promise<boolean> {
  return new Deno.Command(program, { args: ["-v"], stdout: "null", stderr: "null" }).output()
    .then(({ success }) => success, () => false);
}

async function listening(server: ServerProcess, said: string): Promise<ServerProcess> {
  await server.wrote(said);
  return server;
}

/** Of Node's language, some is missing before version 24; so is SQLite before 22.5. */
async function startNode(env: Env): Promise<ServerProcess> {
  await bundle();
  return await listening(startProcess(env, { command: "node", args: [dist("node.js")] }), "Listening on");
}

const DENO_FLAGS = [
  ...UNLOCKED_FLAGS,
  ...["--unstable-no-legacy-abort", "--no-prompt", "--allow-net", "--allow-env", "--allow-sys=hostname"],
  ...["--allow-read=data", "--allow-write=data"],
];

async function startBundle(env: Env): Promise<ServerProcess> {
  await bundle();
  const args = ["run", ...DENO_FLAGS, dist("deno/main.js")];
  return await listening(startProcess({ HOST: "127.0.0.1", ...env }, { args }), "Listening on");
}

async function startDenoServe(env: Env): Promise<ServerProcess> {
  await bundle();
  const at = ["--host=127.0.0.1", `--port=${env["PORT"]}`];
  const args = ["serve", ...DENO_FLAGS, ...at, dist("server.js")];
  return await listening(startProcess(env, { args }), "Listening on");
}

async function startMain(env: Env): Promise<ServerProcess> {
  return await listening(startProcess(env, { args: MAIN }), "Listening on");
}

let workerd: Promise<string> | undefined;

/** The path of the program that runs Workers. @throws Error when the package cannot be had. */
export function findWorkerd(): Promise<string> {
  const code = `import workerd from "${UNLOCKED.workerd}"; console.log(workerd.default ?? workerd);`;
  return workerd ??= output(Deno.execPath(), ["eval", "--quiet", ...UNLOCKED_FLAGS, code]);
}

/** Serves the bundle as a Worker, with the variables as its bindings. */
async function startWorkerd(env: Env): Promise<ServerProcess> {
  await bundle();
  const { PORT, ...bindings } = env;
  const folder = await Deno.makeTempDir();
  const bound = Object.entries(bindings).map(([name, value]) =>
    `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(value)})`
  );
  await Deno.copyFile(dist("server.js"), `${folder}/server.js`);
  await Deno.writeTextFile(
    `${folder}/worker.capnp`,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "app", worker = (
      modules = [(name = "server.js", esModule = embed "server.js")],
      compatibilityDate = "2026-07-01",
      compatibilityFlags = ["nodejs_compat"],
      bindings = [${bound.join(", ")}],
      globalOutbound = "network",
    )),
    (name = "network", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${PORT}", http = (), service = "app")],
);
`,
  );
  const args = ["serve", "--control-fd=1", `${folder}/worker.capnp`];
  const server = startProcess({}, { command: await findWorkerd(), args });
  return await listening(server, '"event":"listen"').finally(() => Deno.remove(folder, { recursive: true }));
}

/** Each by its name for the tests. */
export const RUNTIMES: Readonly<Record<string, Runtime>> = {
  "main.ts on Deno": { start: startMain, signals: true },
  "the bundle on Deno": { start: startBundle, signals: true },
  "the bundle on deno serve": { start: startDenoServe, signals: true },
  "the bundle on Node": {
    start: startNode,
    signals: true,
    withoutSqlite: /SQLite is not part of this runtime: set DATABASE_URL/,
  },
  "the bundle in workerd": {
    start: startWorkerd,
    signals: false,
    withoutSqlite: /SQLITE_PATH is set: a Worker has no disk\. Set DATABASE_URL/,
  },
};
