import { Hono } from "@hono/hono";
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

  Deno.test(`${era}: a tool that fails for a reason of ours does not tell its cause, which is logged (TOOL-09)`, async () => {
    const app = tinyApp([tool("broken", () => {
      throw new Error("cannot open /srv/secret/notes.db");
    })]);
    const { server } = await createTestServer({ app });
    const records = await logged(async () => {
      const { body, text } = await ask(server, toolCall(era, "broken"));
      assert.equal(body.result?.isError, true);
      assert.match(body.result?.content?.[0]?.text ?? "", /failed for a reason on our side/);
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

Deno.test("what fails outside of tools is 500 without the cause, which is logged", async () => {
  const routes = new Hono().get("/broken", () => {
    throw new Error("cannot open /srv/secret/notes.db");
  });
  const { server } = await createTestServer({ routes });
  const records = await logged(async () => {
    const { status, text } = await ask(server, new Request("http://localhost:8000/broken"));
    assert.equal(status, 500);
    assert.match(text, /went wrong on our side/);
    assert.ok(!text.includes("secret"), text);
  });
  const record = records.find(({ level }) => level === "error");
  assert.match(String(record?.properties["error"]), /secret/);
});
