import { freePort } from "../free_port.ts";

/** A process that serves on loopback. */
export interface Serving extends AsyncDisposable {
  readonly port: number;
  /** Resident memory in bytes. */
  memory(): Promise<number>;
}

/** What to start: a command, its arguments after those that name the port. */
export interface Command {
  readonly name: string;
  readonly command: string;
  /** Before the port. */
  readonly args: readonly string[];
  /** After the port. */
  readonly rest: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 30_000;

/** Deno on a script, given relative to this folder. */
export function denoOn(script: string, ...rest: readonly string[]): Command {
  const args = ["run", "--allow-all", new URL(script, import.meta.url).href];
  return { name: script, command: Deno.execPath(), args, rest };
}

/** Starts a server, and waits until it accepts connections. @throws Error with what it complained of. */
export async function startServer({ rest, ...command }: Command): Promise<Serving> {
  const port = freePort();
  const child = spawn({ ...command, rest: [String(port), ...rest] });
  await until(() => listens(port), command.name);
  return {
    port,
    async memory() {
      const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(child.pid)] })
        .output();
      return Number(new TextDecoder().decode(stdout)) * 1024;
    },
    [Symbol.asyncDispose]: () => stop(child),
  };
}

/**
 * What it writes is thrown away: a pipe that nobody reads would block it, and one that we read would cost the time of
 * the load.
 */
export function spawn({ command, args, rest, env = {} }: Command): Deno.ChildProcess {
  return new Deno.Command(command, {
    args: [...args, ...rest],
    // Whatever wants to report its use to somebody finds nobody.
    env: { NODE_ENV: "production", DO_NOT_TRACK: "1", ...env },
    ...{ stdin: "null", stdout: "null", stderr: "null" },
  }).spawn();
}

/** Kills a process and waits until it is gone. */
export async function stop(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
  await child.status;
}

/** Asks again every millisecond until the answer is yes. @throws Error that names the script, when it never is. */
export async function until(isReady: () => Promise<boolean>, name: string): Promise<void> {
  const started = performance.now();
  while (!await isReady()) {
    if (performance.now() - started > PATIENCE_MS) {
      throw new Error(`${name} does not answer: run it by hand.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function listens(port: number): Promise<boolean> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch {
    return false;
  }
}
