import assert from "node:assert/strict";
import { ask, createTestServer, type Era, ERAS, rpc } from "../support.ts";

/** The two lanes write the members of an answer in another order, which tells them apart from outside. */
const REMEMBERED = /^\{"jsonrpc":"2\.0","id":1,"result":/;

async function start() {
  const { server } = await createTestServer();
  const text = async (era: Era, method: string, params: Record<string, unknown> = {}) =>
    (await ask(server, rpc(era, method, params))).text;
  const initialize = (protocolVersion: string) =>
    text("legacy", "initialize", {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    });
  return { server, text, initialize };
}

for (const era of ERAS) {
  Deno.test(`${era}: lists and current widgets are remembered, and the same from the first answer on`, async () => {
    const { server, text } = await start();
    const { body } = await ask(server, rpc(era, "resources/list"));
    const [widget] = body.result?.["resources"] as { uri: string }[];
    for (const [method, params] of [["tools/list", {}], ["resources/read", { uri: widget!.uri }]] as const) {
      const first = await text(era, method, params);
      assert.match(first, REMEMBERED);
      assert.equal(await text(era, method, params), first);
    }
  });

  Deno.test(`${era}: an address that a caller makes up is answered and not remembered`, async () => {
    const { server, text } = await start();
    const { body } = await ask(server, rpc(era, "resources/list"));
    const [widget] = body.result?.["resources"] as { uri: string }[];
    for (const hash of ["0", "0123", "f".repeat(500)]) {
      const answer = await text(era, "resources/read", {
        uri: widget!.uri.replace(/\.[0-9a-f]+\.html$/, `.${hash}.html`),
      });
      assert.match(answer, /"contents"/);
      assert.doesNotMatch(answer, REMEMBERED);
    }
  });
}

Deno.test("initialize is remembered for the revisions that exist, and for none that a caller makes up", async () => {
  const { initialize } = await start();
  assert.match(await initialize("2025-11-25"), REMEMBERED);
  for (const revision of ["2025-11-26", "v".repeat(900_000), ""]) {
    const answer = await initialize(revision);
    assert.match(answer, /"protocolVersion":"2025-11-25"/);
    assert.doesNotMatch(answer, REMEMBERED);
  }
});
