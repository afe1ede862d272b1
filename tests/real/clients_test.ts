import assert from "node:assert/strict";
import { shared } from "../shared.ts";
import { TestIssuer } from "../test_issuer.ts";
import { type ClientKind, CLIENTS, type McpClient, statusOf } from "./clients.ts";
import { granted, serve } from "./served.ts";

const ignore = !await granted("net");

/** One server for all of the tests: each client that connects is a new one. */
const stage = shared(async () => {
  const issuer = await TestIssuer.create();
  const server = await serve(issuer.issuer, { fetch: issuer.fetch as typeof fetch });
  return { issuer, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
});

/** Connects with a token that has these claims, or with this token, or with none. */
type As = (
  caller: { readonly claims?: Record<string, unknown>; readonly token?: string },
  use: (client: McpClient) => Promise<void>,
) => Promise<void>;

/** One test for each of the clients. */
function test(behaviour: string, run: (as: As) => Promise<void>, clients = Object.entries(CLIENTS)): void {
  for (const [name, client] of clients) {
    Deno.test({ name: `${name} ${behaviour}`, ignore, fn: () => run(connecting(client)) });
  }
}

function connecting({ connect, revision }: ClientKind): As {
  return async ({ claims, token }, use) => {
    const { issuer, server: { resource } } = await stage();
    const iat = Math.floor(Date.now() / 1000);
    const usual = { aud: resource, iat, exp: iat + 600, scope: "notes:read notes:write" };
    const bearer = claims ? await issuer.token({ ...usual, ...claims }) : token;
    await using connection = await connect(resource, bearer === undefined ? {} : { token: bearer });
    assert.equal(connection.revision, revision);
    await use(connection.client);
  };
}

function data(result: Record<string, unknown>): Record<string, unknown> {
  assert.notEqual(result["isError"], true, JSON.stringify(result["content"]));
  return result["structuredContent"] as Record<string, unknown>;
}

function titles(result: Record<string, unknown>): string[] {
  return (data(result)["notes"] as { title: string }[]).map(({ title }) => title);
}

test("lists the tools, and reads the widget that two of them share", (as) =>
  as({}, async (client) => {
    const { tools } = await client.listTools();
    for (const name of ["search_notes", "list_notes"]) {
      const uri = tools.find((tool) => tool.name === name)?._meta?.["openai/outputTemplate"];
      const { contents } = await client.readResource({ uri: String(uri) });
      assert.equal(contents[0]?.["mimeType"], "text/html;profile=mcp-app");
      assert.match(String(contents[0]?.["text"]), /^<!doctype html>/i);
    }
  }));

test("lists the widgets and their template", (as) =>
  as({}, async (client) => {
    const { resources } = await client.listResources();
    assert.equal(resources.length, 2);
    assert.ok(resources.every(({ uri }) => uri.startsWith("ui://widget/")));
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.deepEqual(resourceTemplates.map(({ uriTemplate }) => uriTemplate), ["ui://widget/{name}.html"]);
  }));

test("uses a tool for everyone without signing in", (as) =>
  as({}, async (client) => {
    const result = await client.callTool({ name: "search_notes", arguments: { query: "rules" } });
    assert.deepEqual(titles(result), ["House rules"]);
    const { query, signedIn } = data(result);
    assert.deepEqual({ query, signedIn }, { query: "rules", signedIn: false });
  }));

test("gets more from it as a person who is signed in, and only what is theirs", async (as) => {
  const title = crypto.randomUUID();
  const add = { name: "add_note", arguments: { title } };
  const search = { name: "search_notes", arguments: { query: title } };
  await as({ claims: { sub: "ada" } }, async (client) => void data(await client.callTool(add)));
  await as({ claims: { sub: "ada" } }, async (client) => {
    const found = await client.callTool(search);
    assert.equal(data(found)["signedIn"], true);
    assert.deepEqual(titles(found), [title]);
    assert.ok(titles(await client.callTool({ name: "list_notes" })).includes(title));
  });
  for (const other of [{ claims: { sub: "grace" } }, {}]) {
    await as(other, async (client) => assert.deepEqual(titles(await client.callTool(search)), []));
  }
  await as({ claims: { sub: "grace" } }, async (client) => {
    assert.deepEqual(titles(await client.callTool({ name: "list_notes" })), []);
  });
});

test("is asked to sign in for a person's own data, and can go on without", (as) =>
  as({}, async (client) => {
    await assert.rejects(client.callTool({ name: "list_notes" }), (error) => statusOf(error) === 401);
    assert.equal(data(await client.callTool({ name: "search_notes" }))["signedIn"], false);
  }));

test("is told that a token lacks the scope", (as) =>
  as({ claims: { scope: "profile" } }, async (client) => {
    await assert.rejects(client.callTool({ name: "list_notes" }), (error) => statusOf(error) === 403);
    assert.equal(data(await client.callTool({ name: "search_notes" }))["signedIn"], false);
  }));

test("cannot even connect with a token that is no good", async (as) => {
  const faults = [
    { token: "nonsense" },
    { claims: { aud: "https://elsewhere.test" } },
    { claims: { exp: 1 } },
  ];
  for (const fault of faults) {
    await assert.rejects(as(fault, () => Promise.resolve()), (error) => statusOf(error) === 401);
  }
});

test("passes on what is wrong with the arguments", (as) =>
  as({}, async (client) => {
    const result = await client.callTool({ name: "search_notes", arguments: { subject: "parking" } });
    assert.equal(result["isError"], true);
    assert.match(JSON.stringify(result["content"]), /The only arguments are query/);
  }));

test("learns that a tool and a resource do not exist", (as) =>
  as({}, async (client) => {
    await assert.rejects(client.callTool({ name: "burn_notes" }), { code: -32602, message: /burn_notes/ });
    const nowhere = { uri: "ui://widget/nowhere.html" };
    await assert.rejects(client.readResource(nowhere), { code: -32602, message: /nowhere/ });
  }));

test(
  "pings",
  (as) => as({}, async (client) => void await client.ping()),
  Object.entries(CLIENTS).filter(([, { revision }]) => revision === "2025-11-25"),
);
