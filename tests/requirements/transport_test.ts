import assert from "node:assert/strict";
import { followChallenge } from "../challenge_parser.ts";
import { signedIn } from "../../src/mcp/access.ts";
import type { Resource } from "../../src/mcp/resource.ts";
import { ask, createTestServer, type Era, ERAS, RESOURCE, rpc, toolCall } from "../support.ts";
import { tinyApp, tool, WIDGET } from "../tiny_app.ts";

const ran: string[] = [];
const answering = (name: string) => () => {
  ran.push(name);
  return { data: { answer: name }, text: name };
};
const notes: Resource = {
  access: signedIn("notes:read"),
  descriptor: { uri: "notes://mine", name: "My notes" },
  matches: (uri) => uri === "notes://mine",
  read: () => ({ mimeType: "text/plain", text: "a secret note" }),
};
const stepping = tool(
  "stepping",
  (_, { progress }) => {
    for (const step of [1, 2, 2, 3]) progress(step);
    return answering("stepping")();
  },
  undefined,
  { progress: true },
);
const app = tinyApp(
  [tool("open", answering("open")), tool("closed", answering("closed"), signedIn("notes:read")), stepping],
  [notes],
);
const { server } = await createTestServer({ app });
const client = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } };
const greeting = (era: Era) =>
  era === "legacy" ? rpc(era, "initialize", client) : rpc(era, "server/discover");

/** Every message of an answer that comes as an event stream. */
async function streamed(request: Request): Promise<Record<string, unknown>[]> {
  request.headers.set("accept", "text/event-stream");
  const { status, text } = await ask(server, request);
  assert.equal(status, 200);
  return [...text.matchAll(/^data: ?(\{.*\})$/gm)].map(([, json = ""]) => JSON.parse(json));
}

for (const era of ERAS) {
  Deno.test(`${era}: one path takes POST, and GET too if only to say 405 (TRN-01)`, async () => {
    assert.equal((await ask(server, toolCall(era, "open"))).status, 200);
    const headers = { accept: "text/event-stream" };
    assert.equal((await server.request(RESOURCE, { headers })).status, 405);
  });

  Deno.test(`${era}: who declares and asks for nothing more gets the answer and nothing more (BASE-06, BASE-16, BASE-20, TRN-09)`, async () => {
    for (const name of ["open", "stepping"]) {
      const messages = await streamed(toolCall(era, name));
      assert.deepEqual(messages.map(({ id, method }) => ({ id, method })), [{ id: 1, method: undefined }]);
      assert.ok(!JSON.stringify(messages).includes("input_required"));
    }
  });

  Deno.test(`${era}: progress carries the caller's token, rises, and ends with the answer (BASE-20)`, async () => {
    const messages = await streamed(toolCall(era, "stepping", {}, { meta: { progressToken: "mine" } }));
    assert.equal(messages.pop()?.["id"], 1);
    assert.equal(messages.length, 3);
    let last = -Infinity;
    for (const { method, params } of messages as { method: string; params: Record<string, unknown> }[]) {
      assert.equal(method, "notifications/progress");
      assert.equal(params["progressToken"], "mine");
      assert.ok(Number(params["progress"]) > last);
      last = Number(params["progress"]);
    }
  });

  Deno.test(`${era}: tools and resources are declared, logging is not, and what is declared answers (TOOL-01, RES-01, BASE-16)`, async () => {
    const { capabilities = {} } = (await ask(server, greeting(era))).body.result ?? {};
    assert.ok("tools" in (capabilities as object) && "resources" in (capabilities as object));
    assert.ok(!("logging" in (capabilities as object)));
    for (const list of ["tools", "resources"]) {
      const entries = (await ask(server, rpc(era, `${list}/list`))).body.result?.[list];
      assert.ok(Array.isArray(entries) && entries.length > 0, list);
    }
  });

  Deno.test(`${era}: the body's target is gated before anything runs, whatever header, query or _meta say (MIX-05, AUTH-22)`, async () => {
    ran.length = 0;
    const lying = toolCall(era, "closed", {}, { meta: { name: "open" }, headers: { "x-mcp-name": "open" } });
    if (era === "legacy") lying.headers.set("mcp-name", "open");
    const { status } = await ask(server, new Request(`${RESOURCE}?name=open&method=tools/list`, lying));
    assert.equal(status, 401);
    assert.deepEqual(ran, []);
  });

  Deno.test(`${era}: greeting, lists, the page of a protected tool and the metadata need no token (MIX-01)`, async () => {
    const { server } = await createTestServer({
      app: tinyApp([tool("closed", answering("closed"), signedIn("notes:read"))]),
    });
    const requests = [
      greeting(era),
      ...["tools/list", "resources/list", "resources/templates/list"].map((method) => rpc(era, method)),
      rpc(era, "resources/read", { uri: WIDGET.uri }),
      new Request(new URL("/.well-known/oauth-protected-resource/mcp", RESOURCE)),
    ];
    for (const request of requests) {
      const { status, text } = await ask(server, request);
      assert.equal(status, 200, text);
      assert.doesNotMatch(text, /isError|"error"/);
    }
  });

  Deno.test(`${era}: every 401 has a challenge that leads to the metadata (OAI-07, AUTH-08, AUTH-10)`, async () => {
    const locked = (await createTestServer({ app, requireAuth: true })).server;
    const requests: [typeof server, Request][] = [
      [server, toolCall(era, "closed")],
      [server, rpc(era, "resources/read", { uri: "notes://mine" })],
      [locked, greeting(era)],
      [locked, rpc(era, "tools/list")],
    ];
    for (
      const request of [greeting(era), rpc(era, "tools/list"), toolCall(era, "open"), rpc(era, "nothing")]
    ) {
      request.headers.set("authorization", "Bearer not-a-token");
      requests.push([server, request], [locked, request.clone()]);
    }
    for (const [each, request] of requests) {
      const { status, headers } = await ask(each, request);
      assert.equal(status, 401);
      await followChallenge(each, headers.get("www-authenticate"));
    }
  });
}
