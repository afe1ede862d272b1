import { variableNames } from "../../src/config/environment.ts";
import notes from "../notes_app.ts";

export { freePort } from "../free_port.ts";

/** The server in a process of its own, as an operator runs it. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  /** Everything it has written so far, to standard output and standard error. */
  readonly written: string;
  /** Resolves once it has written this so many times. @throws Error when it ends without. */
  wrote(text: string, times?: number): Promise<void>;
  /** Sends SIGTERM, the way operating systems and containers stop a server. */
  terminate(): void;
  /** Its exit code, once it has ended and everything that it wrote has been read. */
  readonly exitCode: Promise<number>;
}

const ROOT = new URL("../../", import.meta.url);

/** What `deno task start` runs once everything is built, up to the script; its process id is the server's. */
const SERVE = ["run", "--quiet", "--no-prompt", "-P=serve"];

/** Arguments of Deno that serve the app of notes. */
export const NOTES: readonly string[] = [...SERVE, "tests/real/notes_main.ts"];

/** Arguments of Deno that serve the app of books. */
export const LIBRARY: readonly string[] = [...SERVE, "tests/real/library_main.ts"];

/** Arguments of Deno that serve the app of this repository. */
export const MAIN: readonly string[] = [...SERVE, "main.ts"];

/**
 * Starts the server with these variables and no others of its own.
 *
 * @param args Of Deno, or of another command; the app of notes by default.
 * @param maxFiles How many file descriptors it may have.
 */
export function startProcess(
  env: Readonly<Record<string, string>>,
  { command = Deno.execPath(), args = NOTES, maxFiles }: {
    readonly command?: string;
    readonly args?: readonly string[];
    readonly maxFiles?: number;
  } = {},
): ServerProcess {
  // A variable that is set to nothing counts as not set, and hides what a developer's shell and .env say.
  const unset = Object.fromEntries(variableNames(notes.env).map((name) => [name, ""]));
  const limited = ["-c", `ulimit -n ${maxFiles}; exec "$@"`, "sh", command, ...args];
  const child = new Deno.Command(maxFiles === undefined ? command : "sh", {
    args: maxFiles === undefined ? [...args] : limited,
    cwd: ROOT,
    env: { ...unset, LOG_FORMAT: "json", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();

  let written = "";
  let ended = false;
  let changed = Promise.withResolvers<void>();
  function notify(): void {
    changed.resolve();
    changed = Promise.withResolvers();
  }
  async function read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      written += text;
      notify();
    }
  }
  const exitCode = Promise.all([child.status, read(child.stdout), read(child.stderr)]).then(([{ code }]) => {
    ended = true;
    notify();
    return code;
  });

  function terminate(): void {
    if (!ended) child.kill("SIGTERM");
  }

  return {
    pid: child.pid,
    get written() {
      return written;
    },
    async wrote(text, times = 1) {
      while (written.split(text).length <= times) {
        if (ended) throw new Error(`The server ended and never wrote "${text}":\n${written}`);
        await changed.promise;
      }
    },
    terminate,
    exitCode,
    async [Symbol.asyncDispose]() {
      terminate();
      await exitCode;
    },
  };
}

/** What a process takes, as the kernel counts it. */
export interface Footprint {
  readonly megabytes: number;
  readonly peakMegabytes: number;
  readonly descriptors: number;
}

/** Asked of the shell, because Deno itself reads /proc only with every permission; Linux alone has it. */
export async function footprint({ pid }: ServerProcess): Promise<Footprint> {
  const script = 'grep -E "VmRSS|VmHWM" "/proc/$1/status"; ls "/proc/$1/fd" | wc -l';
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script, "sh", String(pid)] }).output();
  const text = new TextDecoder().decode(stdout);
  const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1]);
  return {
    megabytes: kilobytes("VmRSS") / 1_024,
    peakMegabytes: kilobytes("VmHWM") / 1_024,
    descriptors: Number(text.trim().split("\n").at(-1)),
  };
}

/** Below this many requests memory is still warming up, and only descriptors are held to be flat. */
const ENOUGH_TO_BE_FLAT = 20_000;

type Taken = Pick<Footprint, "megabytes" | "descriptors">;

/** In words what a process has gained for good between two moments of the same load, of so many requests. */
export function growth(early: Taken, late: Taken, requests: number): string[] {
  const words: string[] = [];
  if (requests >= ENOUGH_TO_BE_FLAT && late.megabytes > early.megabytes * 1.2 + 20) {
    words.push(`memory grew from ${Math.round(early.megabytes)} to ${Math.round(late.megabytes)} MB`);
  }
  if (late.descriptors > early.descriptors + 32) {
    words.push(`file descriptors grew from ${early.descriptors} to ${late.descriptors}`);
  }
  return words;
}
