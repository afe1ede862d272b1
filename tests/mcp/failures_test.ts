import assert from "node:assert/strict";
import { anyone, signedIn } from "../../src/mcp/access.ts";
import type { Resource } from "../../src/mcp/resource.ts";
import { logged } from "../log_records.ts";
import { ask, createTestServer, ERAS, rpc, toolCall } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

const broken: Resource = {
  access: anyone(),
  descriptor: { uri: "notes://broken", name: "Broken" },
  matches: (uri) => uri === "notes://broken",
  read() {
    throw new Error("cannot open /srv/secret/notes.db");
  },
};

for (const era of ERAS) {
  Deno.test(`${era}: a resource that cannot be read is -32603 without the cause, which is logged (RES-04)`, async () => {
    const { server } = await createTestServer({ app: tinyApp([], [broken]) });
    const records = await logged(async () => {
      const { body, text } = await ask(server, rpc(era, "resources/read", { uri: "notes://broken" }));
      assert.equal(body.error?.code, -32603);
      assert.ok(!text.includes("secret"), text);
    });
    const record = records.find(({ level }) => level === "error");
    assert.match(String(record?.properties["error"]), /secret/);
  });

  Deno.test(`${era}: what the gate has not admitted is not read, though it can be found later (AUTH-22)`, async () => {
    let asked = 0;
    const elusive: Resource = {
      access: signedIn("notes:read"),
      descriptor: { uri: "notes://elusive", name: "Elusive" },
      matches: () => asked++ > 0,
      read: () => ({ text: "a secret note" }),
    };
    const { server } = await createTestServer({ app: tinyApp([], [elusive]) });
    const { body, text } = await ask(server, rpc(era, "resources/read", { uri: "notes://elusive/1" }));
    assert.equal(body.error?.code, -32602);
    assert.ok(!text.includes("secret"), text);
  });

  Deno.test(`${era}: a call without an id runs no protected tool (AUTH-22)`, async () => {
    let runs = 0;
    const run = () => {
      runs++;
      return { data: { answer: "x" }, text: "x" };
    };
    const { server } = await createTestServer({
      app: tinyApp([tool("closed", run, signedIn("notes:read"))]),
    });
    const request = toolCall(era, "closed");
    const { id: _, ...notification } = await request.clone().json();
    const { status, body } = await ask(server, new Request(request, { body: JSON.stringify(notification) }));
    assert.ok(status === 401 || status === 202 || status === 400, String(status));
    assert.equal(body.result, undefined);
    assert.equal(runs, 0);
  });
}
