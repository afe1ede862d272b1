import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { footprint, freePort, startProcess } from "./process.ts";
import { granted } from "./served.ts";

const ignore = !await granted("net", "run", "read", "write", "env");
const onLinux = Deno.build.os === "linux";
const encoder = new TextEncoder();
const UPLOAD = "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";

/** A server process on a port of its own, and raw connections to it. */
async function start(env: Readonly<Record<string, string>> = {}, maxFiles?: number) {
  const port = freePort();
  const server = startProcess({ PORT: String(port), SQLITE_PATH: ":memory:", LOG_LEVEL: "debug", ...env }, {
    ...(maxFiles !== undefined && { maxFiles }),
  });
  await server.wrote("Listening on");
  return {
    server,
    origin: `http://127.0.0.1:${port}`,
    /** Opens a connection and begins to send. */
    async send(text: string): Promise<Deno.TcpConn> {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      connection.setNoDelay(true);
      await connection.write(encoder.encode(text));
      return connection;
    },
  };
}

/** The status line of the answer. */
async function answerOf(connection: Deno.Conn): Promise<string> {
  const bytes = new Uint8Array(1_000);
  const size = await connection.read(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, size)).split("\r\n")[0]!;
}

Deno.test({
  name: "a body of 30,000 chunks of one byte takes hardly more memory than it is large (A2)",
  ignore: ignore || !onLinux,
  async fn() {
    const { server, send } = await start();
    await using _server = server;
    const connection = await send(`${UPLOAD}transfer-encoding: chunked\r\n\r\n`);
    const json = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'.padEnd(30_000);
    const { peakMegabytes: before } = await footprint(server);
    for (let sent = 0; sent < json.length; sent += 500) {
      const chunks = [...json.slice(sent, sent + 500)].map((byte) => `1\r\n${byte}\r\n`);
      await connection.write(encoder.encode(chunks.join("")));
    }
    await connection.write(encoder.encode("0\r\n\r\n"));
    assert.match(await answerOf(connection), / 200 /);
    connection.close();
    const grown = (await footprint(server)).peakMegabytes - before;
    assert.ok(grown < 60, `${Math.round(grown)} MB more`);
  },
});

Deno.test({
  name: "a server that runs out of file descriptors says so, and listens again when it has some (A3)",
  ignore: ignore || Deno.build.os === "windows",
  async fn() {
    const { server, origin, send } = await start({}, 128);
    await using _server = server;
    const open: Deno.Conn[] = [];
    try {
      // Requests that never end hold a descriptor each; at some point nobody takes them any more.
      while (open.length < 200) open.push(await send(`${UPLOAD}content-length: 100\r\n\r\n{`));
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.ConnectionReset)) {
        throw error;
      }
    }
    await server.wrote("Too many open files");
    for (const connection of open) connection.close();
    await server.wrote("Listening on", 2);
    const answer = await fetch(`${origin}/health`);
    assert.deepEqual(await answer.json(), { status: "ok" });
    server.terminate();
    assert.equal(await server.exitCode, 0);
  },
});

Deno.test({
  name:
    "idle connections that take every file descriptor keep nobody out who is connected, and fail the listener once a pause (A3)",
  ignore: ignore || Deno.build.os === "windows",
  async fn() {
    const { server, origin, send } = await start({}, 64);
    await using _server = server;
    const asking = "GET /ready HTTP/1.1\r\nhost: localhost\r\n\r\n";
    const connected = await send(asking);
    assert.match(await answerOf(connected), / 200 /);
    const idle: Deno.Conn[] = [];
    for (const round of [1, 2]) {
      try {
        while (idle.length < 200) idle.push(await send(""));
      } catch (error) {
        assert.ok(
          error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.ConnectionReset,
        );
      }
      await server.wrote('"message":"The listener failed', round);
      await connected.write(encoder.encode(asking));
      assert.match(await answerOf(connected), / 200 /);
      await server.wrote('"message":"Listening on', round + 1);
      assert.equal(server.written.split('"message":"The listener failed').length, round + 1);
    }
    for (const connection of [connected, ...idle]) connection.close();
    const isReady = () => fetch(`${origin}/ready`).then(({ status }) => status === 200, () => false);
    if (!await isReady()) {
      // It had not noticed yet that they are closed, and the listener failed once more.
      await server.wrote('"message":"Listening on', 4);
      assert.ok(await isReady());
    }
    server.terminate();
    assert.equal(await server.exitCode, 0);
  },
});

Deno.test({
  name: "an upload that its caller gives up is no error and no 500 in the log (A14)",
  ignore,
  async fn() {
    const { server, send } = await start();
    await using _server = server;
    for (const length of ["content-length: 100", "transfer-encoding: chunked"]) {
      const begun = length.startsWith("content") ? "{" : "1\r\n{\r\n";
      (await send(`${UPLOAD}${length}\r\n\r\n${begun}`)).close();
    }
    await server.wrote('"status":400', 2);
    assert.doesNotMatch(server.written, /"level":"(ERROR|WARN)"|"status":500/);
  },
});

Deno.test({
  name: "on SIGTERM an upload in flight is 503, so that it is sent again, and the exit code is 0 (A14)",
  ignore,
  async fn() {
    const { server, send } = await start();
    await using _server = server;
    const uploads = [
      await send(`${UPLOAD}content-length: 100\r\n\r\n{`),
      await send(`${UPLOAD}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`),
    ];
    // Answered on the same event loop, so by then the uploads have arrived.
    const probe = await send("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert.match(await answerOf(probe), / 200 /);
    probe.close();
    server.terminate();
    for (const upload of uploads) {
      assert.match(await answerOf(upload), / 503 /);
      upload.close();
    }
    assert.equal(await server.exitCode, 0);
    assert.doesNotMatch(server.written, /"level":"ERROR"|"status":500/);
  },
});

Deno.test({
  name: "a port in use is named, without a stack trace",
  ignore,
  async fn() {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const env = { PORT: String(taken.addr.port), SQLITE_PATH: ":memory:" };
    await using server = startProcess(env);
    assert.equal(await server.exitCode, 1);
    assert.ok(server.written.includes(`Port ${taken.addr.port} is in use`), server.written);
    assert.doesNotMatch(server.written, /^\s+at /m);
  },
});

Deno.test({
  name: "a variable of the app that deno.json does not list is named, and where to list it",
  ignore,
  async fn() {
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    const [main, notes] = ["main.ts", "tests/notes_app.ts"].map((path) =>
      new URL(`../../${path}`, import.meta.url).href
    );
    await Deno.writeTextFile(
      file,
      `import { main } from "${main}"; import notes from "${notes}"; await main(notes);`,
    );
    const config = new URL("../../deno.json", import.meta.url);
    const args = ["run", "--quiet", "--no-prompt", "--config", fileURLToPath(config), "-P=serve", file];
    await using server = startProcess({ SQLITE_PATH: ":memory:" }, { args });
    assert.equal(await server.exitCode, 1);
    assert.match(
      server.written,
      /NOTES_LIMIT cannot be read: list it in permissions\.serve\.env of deno\.json/,
    );
    await Deno.remove(file);
  },
});
