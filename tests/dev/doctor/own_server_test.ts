import assert from "node:assert/strict";
import { requirements } from "../../requirements.ts";
import { createTestServer } from "../../support.ts";
import { defaultServer, doctor, examineJson, RESOURCE } from "./examine.ts";

const server = await defaultServer();

Deno.test("the doctor finds nothing to mend in our own server with default settings", async () => {
  const { code, results, counts } = await examineJson([RESOURCE], server.request);
  const found = results.filter(({ verdict }) => verdict === "problem" || verdict === "warning");
  assert.deepEqual(found.map(({ id, seen }) => `${id}: ${seen}`), []);
  assert.equal(code, 0);
  assert.ok(counts.ok > 60, JSON.stringify(counts));
});

Deno.test("every line of the doctor cites requirements that exist", async () => {
  const ids = new Set(requirements.map(({ id }) => id));
  const { results } = await examineJson([RESOURCE, "--review"], server.request);
  const unknown = results.flatMap(({ requirements }) => requirements.filter((id) => !ids.has(id)));
  assert.deepEqual(unknown, []);
});

Deno.test("the doctor sends a few dozen requests, and calls only tools that read", async () => {
  let requests = 0;
  const called = new Set<string>();
  await doctor([RESOURCE, "--review"], async (request) => {
    requests++;
    const body = await request.clone().text();
    for (const [, name = ""] of body.matchAll(/"method":"tools\/call","params":\{"name":"(\w+)"/g)) {
      called.add(name);
    }
    return await server.request(request);
  });
  assert.ok(requests <= 60, `${requests} requests`);
  assert.deepEqual([...called].sort(), ["list_notes", "no_such_tool", "search_notes"]);
});

Deno.test("a server that asks everyone to sign in is examined as far as it lets", async () => {
  const { server: closed, issuer } = await createTestServer({ requireAuth: true });
  const { results } = await examineJson(
    [RESOURCE],
    (request) =>
      new URL(request.url).hostname === "issuer.test" ? issuer.fetch(request) : closed.request(request),
  );
  const verdicts = Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));
  assert.equal(verdicts["tools.list"], "warning");
  assert.equal(verdicts["tools.names"], "unknown");
  assert.equal(verdicts["access.challenge"], "ok");
  assert.equal(verdicts["access.garbage-protected"], "ok");
});

Deno.test("a server that cannot be reached is one problem", async () => {
  const { code, results } = await examineJson([RESOURCE], () => Promise.reject(new TypeError("refused")));
  assert.equal(code, 1);
  assert.deepEqual(results.map(({ id, seen }) => `${id}: ${seen}`), ["transport.reachable: refused"]);
});

Deno.test("a server that asks for a pause is left alone, and not called faulty", async () => {
  let requests = 0;
  const { results } = await examineJson([RESOURCE], async (request) => {
    if (++requests <= 10) return await server.request(request);
    return new Response("slower", { status: 429 });
  });
  const last = results.at(-1);
  assert.equal(last?.verdict, "unknown");
  assert.match(last?.seen ?? "", /asks for a pause/);
});

Deno.test("what a server says cannot act on the terminal, and is cut", async () => {
  const { results } = await examineJson([RESOURCE], async (request) => {
    const body = await request.clone().text();
    if (!body.includes('"method":"tools/list"')) return await server.request(request);
    const name = `\u001b]0;evil\u0007${"x".repeat(5_000)}`;
    return Response.json({
      jsonrpc: "2.0",
      id: 1,
      result: { tools: [{ name, inputSchema: { type: "object" } }] },
    });
  });
  const line = results.find(({ id }) => id === "tools.names");
  assert.equal(line?.verdict, "problem");
  assert.doesNotMatch(line?.seen ?? "", /\p{Cc}/u);
  assert.ok((line?.seen.length ?? 0) < 400);
});
