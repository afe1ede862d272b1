import assert from "node:assert/strict";
import { anyone, defineResource, signedIn } from "../../src/mod.ts";
import type { Resource } from "../../src/mcp/resource.ts";
import { followChallenge } from "../challenge_parser.ts";
import { libraryApp } from "../library_app.ts";
import { logged } from "../log_records.ts";
import {
  ask,
  createTestServer,
  type Era,
  ERAS,
  rpc,
  type RpcAnswer,
  type RpcOptions,
  toolCall,
} from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

type Json = Readonly<Record<string, unknown>>;

async function open() {
  const { server, issuer } = await createTestServer({ app: libraryApp() });
  const read = async (era: Era, uri: string, options: RpcOptions = {}) => {
    const answer = await ask(server, rpc(era, "resources/read", { uri }, options));
    const { result, error } = answer.body;
    const contents = result?.["contents"] as Json[] | undefined;
    return { ...answer, result, error, contents, said: contents?.[0]?.["text"] };
  };
  return { server, issuer, read };
}

for (const era of ERAS) {
  Deno.test(`${era}: a resource gives text or bytes, of its own type and address unless it says otherwise (issue 10)`, async () => {
    const { read } = await open();
    assert.deepEqual((await read(era, "library://hours")).contents, [
      { uri: "library://hours", mimeType: "text/plain", text: "reading 1 by undefined" },
    ]);
    assert.deepEqual((await read(era, "library://plan")).contents, [
      { uri: "library://plan", mimeType: "image/png", blob: "AQL/" },
      { uri: "library://plan#words", mimeType: "text/plain", text: "First floor" },
    ]);
  });

  Deno.test(`${era}: a template answers for its URIs, and says when there is nothing at one (issue 10, RES-02, RES-05)`, async () => {
    const { read } = await open();
    assert.deepEqual((await read(era, "library://books/2")).contents, [
      { uri: "library://books/2", mimeType: "text/plain", text: "Ulysses" },
    ]);
    assert.equal((await read(era, "library://books/a%2Fb")).said, "Slashes");
    const nothing = ["3", "constructor", "a/b", "%", "", "2?x=1", "2#x"].map((id) => `library://books/${id}`);
    for (const uri of nothing) {
      const { result, error } = await read(era, uri);
      assert.equal(result, undefined);
      assert.equal(error?.code, -32602);
      assert.deepEqual(error?.data, { uri });
    }
  });

  Deno.test(`${era}: everyone sees resources and templates listed, each in its own list (issue 10)`, async () => {
    const { server, issuer } = await open();
    for (const token of [undefined, await issuer.token(), await issuer.token({ scope: "notes:read" })]) {
      const list = async (method: string, key: string) =>
        (await ask(server, rpc(era, method, {}, { token }))).body.result?.[key] as Json[];
      assert.deepEqual((await list("resources/list", "resources")).map(({ uri }) => uri), [
        "library://hours",
        "library://plan",
        "library://loans",
      ]);
      const templates = await list("resources/templates/list", "resourceTemplates");
      assert.deepEqual(templates.map(({ uriTemplate }) => uriTemplate), [
        "ui://widget/{name}.html",
        "library://books/{id}",
        "library://search/{shelf}{?q}",
        "library://letters/{year}/{id}",
      ]);
      assert.deepEqual(templates[1], {
        uriTemplate: "library://books/{id}",
        name: "book",
        title: "Books",
        description: "A book by its number.",
        mimeType: "text/plain",
      });
    }
  });

  for (const uri of ["library://loans", "library://letters/2026/7"]) {
    Deno.test(`${era}: ${uri} needs a token, and one with its scope (issue 10, AUTH-22)`, async () => {
      const { server, issuer, read } = await open();
      const anonymous = await read(era, uri);
      assert.equal(anonymous.status, 401);
      const challenge = await followChallenge(server, anonymous.headers.get("www-authenticate"));
      assert.equal(challenge["scope"], "notes:read");
      assert.match(anonymous.error?.message ?? "", /Sign in to use "(Your loans|Letters)"/);
      const wrong = await read(era, uri, { token: await issuer.token({ scope: "notes:write" }) });
      assert.equal(wrong.status, 403);
      assert.match(wrong.headers.get("www-authenticate") ?? "", /insufficient_scope/);
    });
  }

  Deno.test(`${era}: an open resource never learns who reads, a mixed one only with the scope (issue 10)`, async () => {
    const { issuer, read } = await open();
    const reader = { token: await issuer.token({ scope: "notes:read" }) };
    assert.match(String((await read(era, "library://hours", reader)).said), /by undefined$/);
    const search = "library://search/top?q=x";
    assert.equal((await read(era, search)).said, "top x for undefined");
    assert.equal(
      (await read(era, search, { token: await issuer.token({ scope: "" }) })).said,
      "top x for undefined",
    );
    assert.equal((await read(era, search, reader)).said, "top x for ada");
    assert.equal((await read(era, "library://search/top", reader)).said, "top undefined for ada");
  });

  Deno.test(`${era}: what is read is never remembered, so that two people never see each other's (issue 10)`, async () => {
    const { issuer, read } = await open();
    const people = ["ada", "grace"];
    const tokens = await Promise.all(people.map((sub) => issuer.token({ sub, scope: "notes:read" })));
    const turns = Array.from({ length: 100 }, (_, turn) => turn % 3);
    await Promise.all(turns.map(async (turn) => {
      const token = tokens[turn];
      const { status, said, result, headers } = await read(era, "library://loans", { token });
      if (token === undefined) return assert.equal(status, 401);
      assert.equal(said, `loans of ${issuer.issuer} ${people[turn]}`);
      assert.equal(headers.get("cache-control"), "no-store");
      assert.equal(result?.["cacheScope"], era === "modern" ? "private" : undefined);
      assert.ok(!result?.["ttlMs"]);
    }));
    assert.equal((await read(era, "library://hours")).said, "reading 1 by undefined");
    const { said, result } = await read(era, "library://hours");
    assert.equal(said, "reading 2 by undefined");
    assert.ok(!result?.["ttlMs"]);
  });

  Deno.test(`${era}: a failing resource tells its own words and no others, and its variables are not logged (issue 10, RES-04)`, async () => {
    const { issuer, read } = await open();
    const token = await issuer.token({ scope: "notes:read" });
    const records = await logged(async () => {
      const failed = await read(era, "library://letters/2026/to-my-doctor", { token });
      assert.equal(failed.error?.code, -32603);
      assert.ok(!failed.text.includes("srv"), failed.text);
      const told = await read(era, "library://letters/1999/7", { token });
      assert.equal(told.error?.code, -32603);
      assert.equal(told.error?.message, "Letters of 1999 are being bound; ask in May.");
    });
    const errors = records.filter(({ level }) => level === "error");
    assert.deepEqual(errors.map(({ properties }) => properties["target"]), ["letter"]);
  });

  Deno.test(`${era}: a URI of more than 2048 characters is matched against nothing (issue 10)`, async () => {
    const asked: string[] = [];
    const curious: Resource = {
      access: anyone(),
      descriptor: { uriTemplate: "notes://{id}", name: "Curious" },
      matches: (uri) => asked.push(uri) > 0,
      read: () => ({ text: "x" }),
    };
    const { server } = await createTestServer({ app: tinyApp([], [curious]) });
    const codeFor = async (length: number) => {
      const uri = "notes://".padEnd(length, "x");
      return (await ask(server, rpc(era, "resources/read", { uri }))).body.error?.code;
    };
    assert.equal(await codeFor(2_048), undefined);
    assert.equal(await codeFor(2_049), -32602);
    assert.deepEqual(asked.map(({ length }) => length), [2_048]);
  });

  Deno.test(`${era}: names that are no text aim at nothing`, async () => {
    const { server } = await open();
    const misfits = [["library://loans"], { toString: 1 }, null, 5];
    for (const value of misfits) {
      for (
        const [method, params] of [
          ["resources/read", { uri: value }],
          ["prompts/get", { name: value }],
          ["completion/complete", {
            ref: { type: "ref/prompt", name: value },
            argument: { name: "x", value: "" },
          }],
          ["completion/complete", { ref: value, argument: { name: "x", value: "" } }],
        ] as const
      ) {
        const headers = { "mcp-name": "x" };
        const { status, body } = await ask(server, rpc(era, method, params, { headers }));
        assert.ok(status < 500, String(status));
        assert.ok([-32602, -32020].includes(body.error?.code ?? 0), JSON.stringify(body));
      }
    }
  });
}

Deno.test("in a batch, a tool and a prompt of one name do not lend each other their access (AUTH-23)", async () => {
  const { server, issuer } = await open();
  const requests = [
    toolCall("legacy", "hello", {}, { id: 1 }),
    rpc("legacy", "prompts/get", { name: "hello" }, { id: 2 }),
  ];
  const messages = await Promise.all(requests.map((request) => request.json()));
  const send = async (order: readonly unknown[], token?: string) =>
    await ask<RpcAnswer[]>(
      server,
      new Request(rpc("legacy", "ping", {}, { token }), { body: JSON.stringify(order) }),
    );
  for (const order of [messages, messages.toReversed()]) {
    assert.equal((await send(order)).status, 401);
    const { status, body } = await send(order, await issuer.token({ scope: "notes:write" }));
    assert.equal(status, 200);
    const [called, got] = body.toSorted((a, b) => Number(a.id) - Number(b.id));
    assert.equal(called?.result?.content?.[0]?.text, "Hello");
    assert.match(JSON.stringify(got?.result), /Hello ada/);
  }
});

Deno.test("a resource with a mistake does not start, and says where (issue 10)", async () => {
  const described = { name: "n", title: "N", description: "x", read: () => ({ text: "" }) };
  const fine = defineResource({ ...described, access: anyone(), uri: "notes://fine" });
  const byId = defineResource({ ...described, access: anyone(), uriTemplate: "notes://{id}" });
  const scoped = defineResource({ ...described, access: signedIn("unexplained"), uri: "notes://scoped" });
  const apps = {
    'Cannot use "notes://fine" as the address of two resources': [fine, fine],
    'Cannot use "notes://{id}" as the address of two resources': [byId, byId],
    'Cannot use the scope "unexplained"': [scoped],
  };
  for (const [message, resources] of Object.entries(apps)) {
    const app = tinyApp([tool("x", () => ({ data: { answer: "x" }, text: "x" }))], resources);
    await assert.rejects(createTestServer({ app }), (error: Error) => error.message.includes(message));
  }
  assert.throws(() => defineResource({ ...described, access: anyone(), uri: "notes" }), /must be absolute/);
});
