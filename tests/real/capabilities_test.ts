import assert from "node:assert/strict";
import { z } from "zod";
import { createDevIssuer } from "../../src/dev/issuer/issuer.ts";
import { type Access, anyone, defineApp, defineTool, defineWidget, signedIn } from "../../src/mod.ts";
import type { ToolContent, ToolContext } from "../../src/mod.ts";
import { logged } from "../log_records.ts";
import { shared } from "../shared.ts";
import { RESOURCE } from "../support.ts";
import { createUpstream, UPSTREAM } from "../upstream.ts";
import { CLIENTS, type Connection, type Identity, statusOf } from "./clients.ts";
import { granted, serve } from "./served.ts";

const ignore = !await granted("net", "read", "env");

const ISSUER = "http://localhost:8000/auth";
const map = defineWidget({
  page: { name: "map", hash: "0", html: "<!doctype html><html><title>Map</title></html>" },
  ...{ title: "Map", description: "A map.", displayModes: ["inline", "fullscreen"] },
  ...{ domain: "https://maps.example.com", permissions: ["geolocation"] },
  csp: { connect: ["https://api.example.com"], redirect: ["https://maps.example.com"] },
});
const EVERY_KIND: readonly ToolContent[] = [
  { type: "image", data: Uint8Array.of(1), mimeType: "image/png" },
  { type: "audio", data: Uint8Array.of(2), mimeType: "audio/wav" },
  { type: "resource", resource: { uri: "notes://1", mimeType: "text/plain", text: "One" } },
  { type: "resource", resource: { uri: "notes://2", blob: Uint8Array.of(3) } },
  { type: "resource_link", uri: "https://example.com/menu", name: "menu" },
];
const requestedSchema = { type: "object" as const, properties: { name: { type: "string" as const } } };

type Context = ToolContext<Access>;

/** A tool that gives back one word, by one of the capabilities. */
function tool(
  name: string,
  run: (context: Context) => Promise<string> | string,
  { access = signedIn("notes:read"), content = [], ...extra }: {
    readonly access?: Access;
    readonly content?: readonly ToolContent[];
    readonly upstream?: boolean;
    readonly progress?: boolean;
    readonly timeLimitMs?: number;
    readonly visibility?: readonly ("model" | "app")[];
    readonly widget?: typeof map;
  } = {},
) {
  return defineTool({
    ...{ name, title: name, description: "For tests.", access },
    ...{ input: z.strictObject({}), output: z.object({ answer: z.string() }) },
    ...{ invoking: "Running", invoked: "Done", ...extra },
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
    run: async (_, context) => ({ data: { answer: await run(context) }, text: "Done.", content }),
  });
}

const app = defineApp({
  ...{ name: "capable", title: "Capable", version: "1.0.0", instructions: "For tests." },
  scopes: { "notes:read": "Read your notes", "notes:write": "Change your notes" },
  open: ({ fetch }) => ({
    tools: [
      tool("context", ({ caller, claims, locale, meta, client, log }) => {
        log.info("Heard");
        return [caller?.subject, claims?.["sub"], locale, meta["openai/userAgent"], client?.name].join();
      }),
      tool("progress", ({ progress }) => {
        progress(1, 2, "Half");
        return "done";
      }, { progress: true }),
      tool("endless", () => Promise.withResolvers<never>().promise, { timeLimitMs: 20 }),
      tool("confirm", async ({ confirm }) => {
        const { size } = await confirm("Which size?", z.object({ size: z.string() }));
        return size;
      }),
      tool("input", async ({ requestInput, caller }) => {
        const { who } = await requestInput({
          who: { method: "elicitation/create", params: { message: "Which name?", requestedSchema } },
        });
        return who.kind === "elicit" ? `${who.content?.["name"]} for ${caller?.subject}` : who.kind;
      }),
      tool("upstream", async ({ tokenFor, signal }) => {
        const { accessToken } = await tokenFor({ resource: UPSTREAM, scopes: ["notes:read"] });
        const response = await fetch(UPSTREAM, {
          headers: { authorization: `Bearer ${accessToken}` },
          signal,
        });
        return await response.text();
      }, { upstream: true }),
      tool("content", () => "shown", { content: EVERY_KIND }),
      tool("app_only", ({ caller }) => `pressed by ${caller?.subject}`, { visibility: ["app"] }),
      tool("map", () => "a map", { widget: map }),
      tool("open", ({ caller }) => String(caller), { access: anyone() }),
    ],
  }),
});

/** One server on loopback for all of the tests: each client that connects is a new one. */
const stage = shared(async () => {
  const issuer = await createDevIssuer({ issuer: ISSUER, resource: RESOURCE, scopes: app.scopes });
  const upstream = createUpstream({ issuer: ISSUER, jwksUri: `${ISSUER}/jwks.json`, fetch: issuer.fetch });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    return await (request.url === UPSTREAM ? upstream.fetch(request) : issuer.fetch(request));
  };
  const { tokenExchange, audiences } = { tokenExchange: issuer.resourceServer, audiences: [RESOURCE] };
  const server = await serve(ISSUER, { app, fetch, tokenExchange, audiences });
  return { issuer, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
});

/** Connects as a person with a signed token of this scope, or as nobody. */
type As = (
  person: string | undefined,
  options?: { readonly scopes?: readonly string[]; readonly elicit?: Identity["elicit"] },
) => Promise<Connection>;

/** One test for each of the clients. */
function test(behaviour: string, run: (as: As, modern: boolean) => Promise<void>): void {
  for (const [name, { connect, revision }] of Object.entries(CLIENTS)) {
    const as: As = async (person, { scopes = ["notes:read"], elicit } = {}) => {
      const { issuer, server } = await stage();
      const token = person && await issuer.accessToken({ person, scopes });
      const connection = await connect(server.resource, {
        ...(token && { token }),
        ...(elicit && { elicit }),
      });
      assert.equal(connection.revision, revision);
      return connection;
    };
    const fn = () => run(as, revision === "2026-07-28");
    Deno.test({ name: `${name} ${behaviour} (issue 10)`, ignore, fn });
  }
}

function answerOf(result: Record<string, unknown>): string {
  assert.notEqual(result["isError"], true, JSON.stringify(result["content"]));
  return (result["structuredContent"] as { answer: string }).answer;
}

function faultOf(result: Record<string, unknown>): string {
  assert.equal(result["isError"], true, JSON.stringify(result));
  return JSON.stringify(result["content"]);
}

const capabilities = [
  ...["context", "progress", "endless", "confirm", "input", "upstream", "content", "app_only", "map"],
];

for (const name of capabilities) {
  test(`is refused the tool "${name}" without a token, and with one of another scope`, async (as) => {
    for (const [person, status] of [[undefined, 401], ["Ada", 403]] as const) {
      await using connection = await as(person, { scopes: ["notes:write"] });
      await assert.rejects(connection.client.callTool({ name }), (error) => {
        assert.equal(statusOf(error), status, String(error));
        return true;
      });
    }
  });
}

test("lets a tool hear whose call it is, the host's language and hints, and log", async (as, modern) => {
  for (const [person, subject] of [["Ada", "ada"], ["Grace", "grace"]] as const) {
    await using connection = await as(person);
    const _meta = { "openai/locale": "pt-BR", "openai/userAgent": "phone" };
    const records = await logged(async () => {
      const result = await connection.follow({ name: "context", _meta }, () => {});
      const client = modern ? "conformant-client" : "";
      assert.equal(answerOf(result), [subject, subject, "pt-BR", "phone", client].join());
    });
    assert.ok(records.some(({ properties }) => properties["tool"] === "context"));
  }
});

test("follows progress, and only its own", async (as) => {
  await using ada = await as("Ada");
  await using grace = await as("Grace");
  const seen: unknown[][] = [[], []];
  await Promise.all(
    [ada, grace].map((connection, index) =>
      connection.follow({ name: "progress" }, (progress) => seen[index]!.push(progress))
    ),
  );
  const half = [{ progress: 1, total: 2, message: "Half" }];
  assert.deepEqual(seen, [half, half]);
});

test("is told when a tool's time is up", async (as) => {
  await using connection = await as("Ada");
  assert.match(faultOf(await connection.client.callTool({ name: "endless" })), /longer than 0.02 seconds/);
});

test("puts a form to the person, or has the model ask", async (as, modern) => {
  await using connection = await as("Ada", {
    elicit: () => ({ action: "accept", content: { size: "large" } }),
  });
  const result = await connection.client.callTool({ name: "confirm" });
  if (modern) assert.equal(answerOf(result), "large");
  else assert.match(faultOf(result), /Ask the person first: .*Which size\?.*call confirm again/);
});

test("that cannot ask has the model ask", async (as) => {
  await using connection = await as("Ada");
  assert.match(faultOf(await connection.client.callTool({ name: "confirm" })), /Ask the person first/);
});

test("answers what a tool asks for by requestInput, each for its own person", async (as, modern) => {
  for (const person of ["Ada", "Grace"]) {
    await using connection = await as(person, {
      elicit: () => ({ action: "accept", content: { name: "Bea" } }),
    });
    const result = await connection.client.callTool({ name: "input" });
    if (modern) assert.equal(answerOf(result), `Bea for ${person.toLowerCase()}`);
    else assert.match(faultOf(result), /This needs a host that can ask/);
  }
});

test("that cannot answer requestInput is told so", async (as, modern) => {
  await using connection = await as("Ada");
  const call = connection.client.callTool({ name: "input" });
  if (modern) await assert.rejects(call, { code: -32021 });
  else assert.match(faultOf(await call), /This needs a host that can ask/);
});

test("gets from another API what is its person's, by an exchanged token", async (as) => {
  for (const [person, owner] of [["Ada", "ada"], ["Grace", "grace"]] as const) {
    await using connection = await as(person);
    const answer = answerOf(await connection.client.callTool({ name: "upstream" }));
    assert.deepEqual(JSON.parse(answer), { owner, scope: "notes:read" });
  }
});

test("gets pictures, sounds, resources and links", async (as) => {
  await using connection = await as("Ada");
  const { content } = await connection.client.callTool({ name: "content" });
  assert.deepEqual((content as unknown[]).slice(1, -1), [
    { type: "image", data: "AQ==", mimeType: "image/png" },
    { type: "audio", data: "Ag==", mimeType: "audio/wav" },
    { type: "resource", resource: { uri: "notes://1", mimeType: "text/plain", text: "One" } },
    { type: "resource", resource: { uri: "notes://2", blob: "Aw==" } },
    { type: "resource_link", uri: "https://example.com/menu", name: "menu" },
  ]);
});

test("finds which tool is for widgets only, and whom it serves", async (as) => {
  await using connection = await as("Grace");
  const { tools } = await connection.client.listTools();
  const { _meta } = tools.find(({ name }) => name === "app_only") ?? {};
  assert.partialDeepStrictEqual(_meta, { ui: { visibility: ["app"] }, "openai/visibility": "private" });
  assert.equal(answerOf(await connection.client.callTool({ name: "app_only" })), "pressed by grace");
});

test("finds what a widget needs, in both dialects", async (as) => {
  await using connection = await as(undefined);
  const { contents } = await connection.client.readResource({ uri: map.uri });
  assert.partialDeepStrictEqual(contents[0]?.["_meta"], {
    ui: {
      csp: { connectDomains: ["https://api.example.com"], resourceDomains: [] },
      domain: "https://maps.example.com",
      permissions: { geolocation: {} },
    },
    "openai/widgetCSP": {
      connect_domains: ["https://api.example.com"],
      redirect_domains: ["https://maps.example.com"],
    },
    "openai/widgetDomain": "https://maps.example.com",
    "openai/ui": { availableDisplayModes: ["inline", "fullscreen"] },
  });
  const { tools } = await connection.client.listTools();
  const { _meta } = tools.find(({ name }) => name === "map") ?? {};
  assert.partialDeepStrictEqual(_meta, { ui: { resourceUri: map.uri }, "openai/outputTemplate": map.uri });
});

test("tells a tool for everyone nothing of the person", async (as) => {
  await using connection = await as("Ada");
  assert.equal(answerOf(await connection.client.callTool({ name: "open" })), "undefined");
});
