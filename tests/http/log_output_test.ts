import { getLogger, reset } from "@logtape/logtape";
import assert from "node:assert/strict";
import { configureLogs } from "../../src/http/log.ts";
import { ask, createTestServer, RESOURCE, TestIssuer } from "../support.ts";

const METHODS = ["debug", "info", "log", "warn", "error"] as const;

/** The lines that reach the console while logs are set up as in production. */
async function printed(
  format: "pretty" | "json",
  level: "debug" | "warning",
  run: () => void | Promise<void>,
): Promise<string[]> {
  const lines: string[] = [];
  const originals = METHODS.map((name) => [name, console[name]] as const);
  for (const name of METHODS) console[name] = (...parts: unknown[]) => void lines.push(parts.join(" "));
  try {
    await configureLogs({ level, format });
    await run();
  } finally {
    await reset();
    for (const [name, original] of originals) console[name] = original;
  }
  return lines;
}

for (const format of ["pretty", "json"] as const) {
  Deno.test(`${format} logs hide tokens, credentials and addresses wherever they stand (AUTH-24)`, async () => {
    const token = await (await TestIssuer.create()).token();
    const log = getLogger(["mcp", "http"]);
    const lines = await printed(format, "debug", () => {
      log.info(`A message with ${token} in it`);
      log.warn("An error: {error}", { error: new Error(`cannot use ${token} of ada@example.com`) });
      log.error("A header: {header}", { header: "Bearer opaque-canary" });
      log.info("A form: {form}", { form: { client_secret: "secret-canary", code: "code-canary" } });
    });
    assert.equal(lines.length, 4);
    const said = lines.join("\n");
    for (
      const secret of [
        token,
        token.slice(-20),
        "ada@example.com",
        "opaque-canary",
        "secret-canary",
        "code-canary",
      ]
    ) {
      assert.ok(!said.includes(secret), `${secret} was printed: ${said}`);
    }
    assert.match(said, /A message with .* in it/);
  });
}

const LONG = 60_000;

for (const format of ["pretty", "json"] as const) {
  for (const word of ["a", "eyJ", "a@", "a.", "%41", "bearer ", "é", "\u0001"]) {
    Deno.test(`${format} logs take no time over a path of 60,000 characters of ${JSON.stringify(word)} (A1)`, async () => {
      const { server } = await createTestServer();
      const path = `/${word.repeat(LONG / word.length)}`;
      let ms = Infinity;
      const lines = await printed(format, "debug", async () => {
        const started = performance.now();
        await ask(server, new Request(new URL(encodeURI(path), RESOURCE)));
        getLogger(["mcp", "http"]).info("{path}", { path });
        ms = performance.now() - started;
      });
      assert.equal(lines.length, 2);
      for (const line of lines) assert.ok(line.length < 8_000, `a line of ${line.length} characters`);
      assert.ok(ms < 500, `${ms} ms`);
    });
  }

  Deno.test(`${format} logs cut whatever is long in a line: errors, causes, names, lists (A1)`, async () => {
    const long = "a".repeat(LONG);
    class Refused extends Error {
      override readonly name = long;
      readonly row = { detail: "a row of the database" };
      readonly code = "ECONNREFUSED";
    }
    const deep = { a: { b: { c: { d: { e: { f: long } } } } } };
    const error = new Refused(long, { cause: new AggregateError([new Error(long)], long) });
    const lines = await printed(format, "debug", () => {
      const log = getLogger(["mcp", "http"]);
      log.error("{error}", { error });
      log.info("{list} {deep} {long}", { list: Array(LONG).fill(long), deep, long, [long]: 1 });
      log.info(long);
    });
    assert.equal(lines.length, 3);
    for (const line of lines) assert.ok(line.length < 150_000, `a line of ${line.length} characters`);
    assert.match(lines[0]!, /ECONNREFUSED/);
    assert.match(lines[0]!, /log_output_test\.ts/, "where it was thrown");
    assert.doesNotMatch(lines[0]!, /a row of the database/);
  });

  Deno.test(`${format} logs show no part of a token or an address that the cut has shortened (A1, AUTH-24)`, async () => {
    const token = await (await TestIssuer.create()).token();
    const lines = await printed(format, "debug", () => {
      for (const secret of [token, `ada.lovelace@example.com`]) {
        for (let shown = 5; shown < secret.length; shown += 7) {
          getLogger("mcp").info("{said}", { said: `${"x".repeat(499 - shown)} ${secret} and more` });
        }
      }
    });
    const said = lines.join("\n");
    for (const part of [token.slice(0, 12), "ada.lovelace@"]) assert.ok(!said.includes(part), part);
  });
}

Deno.test("a line of JSON is one event, and less than the level is left out", async () => {
  const lines = await printed("json", "warning", () => {
    getLogger("mcp").info("too quiet");
    getLogger("mcp").warn("loud enough", { status: 503 });
  });
  assert.equal(lines.length, 1);
  assert.equal(JSON.parse(lines[0] ?? "").properties.status, 503);
});

Deno.test("the sentence of a line of JSON quotes plain words no more than one for people", async () => {
  const evil = "one\u001b[31m\r\ntwo";
  const lines = await printed("json", "debug", () => {
    const log = getLogger("mcp");
    log.info("Refused {method}: {fault}. {reason}", {
      method: "ping",
      fault: "algorithm",
      reason: "alg: none",
    });
    log.info("{status} {big} {list}", { status: 503, big: 1n, list: ["a"] });
    log.error("{target} failed: {error}", { target: "ping", error: new Error("out of reach") });
    log.info("{evil}", { evil });
  });
  const [refused, values, failed, escaped] = lines.map((line) => JSON.parse(line).message);
  assert.equal(refused, "Refused ping: algorithm. alg: none");
  assert.match(values, /^503 1n? \[ "a" \]$/);
  assert.equal(failed, "ping failed: Error: out of reach");
  assert.doesNotMatch(escaped, /\p{C}/u);
});
