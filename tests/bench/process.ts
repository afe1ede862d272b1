import { freePort } from "../free_port.ts";

/** A contender in a process of its own. */
export interface Contender extends AsyncDisposable {
  readonly port: number;
  /** Resident memory in bytes. */
  memory(): Promise<number>;
}

const PATIENCE_MS = 20_000;

/** Starts a script of this folder that calls `contend`, and waits until it listens; it sees `issuer` as `Deno.args[2]`. */
export async function startContender(script: string, issuer: string): Promise<Contender> {
  const [port, controlPort] = [freePort(), freePort()];
  const child = spawn(script, [String(port), String(controlPort), issuer]);
  const memory = async () => await (await fetch(`http://127.0.0.1:${controlPort}`)).json();
  await until(() => memory().then(() => true, () => false), script);
  return { port, memory, [Symbol.asyncDispose]: () => stop(child) };
}

/**
 * Starts Deno on a script, given relative to this folder. What it writes is thrown away: a pipe that nobody reads
 * would block it, and one that we read would cost the time of the load.
 */
export function spawn(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", new URL(script, import.meta.url).href, ...args],
    env,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** Kills a process and waits until it is gone. */
export async function stop(child: Deno.ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await child.status;
}

/** Asks again every millisecond until the answer is yes. @throws Error that names the script, when it never is. */
export async function until(isReady: () => Promise<boolean>, script: string): Promise<void> {
  const started = performance.now();
  while (!await isReady()) {
    if (performance.now() - started > PATIENCE_MS) {
      throw new Error(`${script} does not answer: run it by hand.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
