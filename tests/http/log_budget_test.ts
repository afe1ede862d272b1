import type { LogRecord } from "@logtape/logtape";
import assert from "node:assert/strict";
import { logged } from "../log_records.ts";
import { ask, createTestServer, NOW, toolCall } from "../support.ts";

/** Whole minutes, so that a test begins with one. */
const MINUTE_MS = 60_000;
const START = Math.ceil(NOW / MINUTE_MS) * MINUTE_MS;

const said = (records: readonly LogRecord[]) =>
  records.filter(({ level }) => level !== "debug").map(({ message }) => message.join(""));

async function flooded(logCalls = false) {
  const clock = { now: START };
  const { server, issuer } = await createTestServer({ now: () => clock.now, logCalls });
  const ofUnknownKey = (index: number) => issuer.token({}, { kid: `invented-${index}` });
  return {
    clock,
    call: async (count: number) => {
      for (let index = 0; index < count; index++) {
        const token = await ofUnknownKey(index);
        assert.equal((await server.request(toolCall("modern", "list_notes", {}, { token }))).status, 401);
      }
    },
    broken: () => server.request(new Request("http://localhost:8000/mcp", { method: "POST", body: "{" })),
    wrongAudience: async () => {
      const token = await issuer.token({ aud: "https://elsewhere.test" });
      await ask(server, toolCall("modern", "list_notes", {}, { token }));
    },
  };
}

Deno.test("a flood of refusals writes a hundred lines a minute, says so, and tells later how many there were", async () => {
  const lines = said(
    await logged(async () => {
      const { call, clock } = await flooded();
      await call(130);
      clock.now += MINUTE_MS;
      await call(1);
    }),
  );
  const refusals = lines.filter((line) => line.startsWith("Refused tools/call list_notes: unknown_key"));
  assert.equal(refusals.length, 101);
  assert.deepEqual(lines.filter((line) => !refusals.includes(line)), [
    "More than 100 requests in a minute ended with unknown_key: the rest of them are not listed",
    "30 more requests in that minute ended with unknown_key",
  ]);
  assert.equal(lines.at(-1), refusals.at(-1));
});

Deno.test("a flood of one kind leaves the lines of every other kind where they were", async () => {
  const lines = said(
    await logged(async () => {
      const { call, broken, wrongAudience } = await flooded();
      await call(130);
      await wrongAudience();
      await broken();
    }),
  );
  assert.match(lines.at(-2)!, /^Refused tools\/call list_notes: audience/);
  assert.match(lines.at(-1)!, /^POST \/mcp 4\d\d/);
});

Deno.test("requests that never reach the endpoint's answer share a budget, too", async () => {
  const lines = said(
    await logged(async () => {
      const { broken } = await flooded();
      for (let index = 0; index < 120; index++) await broken();
    }),
  );
  assert.equal(lines.filter((line) => line.startsWith("POST /mcp")).length, 100);
});

Deno.test("LOG_CALLS lists every call, those of a flood, too", async () => {
  const lines = said(
    await logged(async () => {
      const { call } = await flooded(true);
      await call(130);
    }),
  );
  assert.equal(lines.length, 130);
});
