import { getLogger, reset } from "@logtape/logtape";
import assert from "node:assert/strict";
import { configureLogs } from "../../src/http/log.ts";
import { TestIssuer } from "../support.ts";

const METHODS = ["debug", "info", "log", "warn", "error"] as const;

/** The lines that reach the console while logs are set up as in production. */
async function printed(
  format: "pretty" | "json",
  level: "debug" | "warning",
  run: () => void,
): Promise<string[]> {
  const lines: string[] = [];
  const originals = METHODS.map((name) => [name, console[name]] as const);
  for (const name of METHODS) console[name] = (...parts: unknown[]) => void lines.push(parts.join(" "));
  try {
    await configureLogs({ level, format });
    run();
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

Deno.test("a line of JSON is one event, and less than the level is left out", async () => {
  const lines = await printed("json", "warning", () => {
    getLogger("mcp").info("too quiet");
    getLogger("mcp").warn("loud enough", { status: 503 });
  });
  assert.equal(lines.length, 1);
  assert.equal(JSON.parse(lines[0] ?? "").properties.status, 503);
});
