import app from "../../src/app/mod.ts";
import { variableNames } from "../../src/config/environment.ts";

/** `deno task start`, as an operator runs it. */
export interface ServerProcess extends AsyncDisposable {
  /** Everything it has written so far, to standard output and standard error. */
  readonly written: string;
  /** Resolves once it has written this. @throws Error when it ends without. */
  wrote(text: string): Promise<void>;
  /** Sends SIGTERM, the way operating systems and containers stop a server. */
  terminate(): void;
  /** Its exit code, once it has ended and everything that it wrote has been read. */
  readonly exitCode: Promise<number>;
}

const ROOT = new URL("../../", import.meta.url);

/** Starts the server by its task, with these variables and no others of its own. */
export function startProcess(env: Readonly<Record<string, string>>): ServerProcess {
  // A variable that is set to nothing counts as not set, and hides what a developer's .env says.
  const unset = Object.fromEntries(variableNames(app.env).map((name) => [name, ""]));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "start"],
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
    get written() {
      return written;
    },
    async wrote(text) {
      while (!written.includes(text)) {
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

/** A port on loopback that nobody listens on. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
