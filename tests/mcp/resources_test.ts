import assert from "node:assert/strict";
import { ask, createTestServer, type Era, ERAS, rpc, type RpcOptions } from "../support.ts";

type Json = Readonly<Record<string, unknown>>;
interface Content extends Json {
  readonly uri: string;
  readonly mimeType: string;
  readonly text: string;
  readonly _meta: Json & {
    readonly ui: { readonly csp: Readonly<Record<string, readonly string[]>> } & Json;
  };
}

const { server, issuer } = await createTestServer();
const NAMES = ["found-notes", "own-notes"];

async function read(era: Era, uri: string, options: RpcOptions = {}) {
  const { status, body, text } = await ask(server, rpc(era, "resources/read", { uri }, options));
  return {
    status,
    text,
    result: body.result,
    error: body.error,
    content: (body.result?.["contents"] as Content[])?.[0],
  };
}

async function listed(era: Era, method: string, key: string): Promise<readonly Json[]> {
  return (await ask(server, rpc(era, method))).body.result?.[key] as Json[];
}

for (const era of ERAS) {
  Deno.test(`${era}: every widget that a tool names can be read, and is listed (UI-01, UI-04, RES-01)`, async () => {
    const addresses = (await listed(era, "resources/list", "resources")).map(({ uri }) => uri);
    for (const { _meta } of await listed(era, "tools/list", "tools")) {
      const uri = (_meta as { ui?: { resourceUri: string } }).ui?.resourceUri;
      if (uri === undefined) continue;
      assert.equal((await read(era, uri)).content?.uri, uri);
      assert.ok(addresses.includes(uri));
      assert.match(uri, /^ui:\/\/widget\/[a-z-]+\.[0-9a-f]{12}\.html$/);
    }
  });

  for (const name of NAMES) {
    Deno.test(`${era}: ${name} is one page at its plain, its current and its older addresses (OAI-15)`, async () => {
      const current = (await listed(era, "resources/list", "resources"))
        .map(({ uri }) => String(uri)).find((uri) => uri.startsWith(`ui://widget/${name}.`))!;
      const pages = new Set<string>();
      for (const uri of [current, `ui://widget/${name}.html`, `ui://widget/${name}.ba9876543210.html`]) {
        const { status, content } = await read(era, uri);
        assert.equal(status, 200);
        assert.equal(content?.uri, uri);
        pages.add(content?.text ?? "");
      }
      assert.equal(pages.size, 1);
    });
  }

  for (
    const uri of [
      "ui://widget/nope.html",
      "ui://widget/../../etc/passwd",
      "ui://widget/own-notes/../../main.ts",
      "ui://widget/own-notes.html/../x",
      "ui://widget/own-notes.xyz.html",
      "ui://widget/own-notesxhtml",
      "ui://widget/own-notes.html?x=1",
      "UI://widget/notes.html",
      "file:///etc/passwd",
      "https://issuer.test/jwks",
      "own-notes",
      "",
    ]
  ) {
    Deno.test(`${era}: there is no resource ${uri || "(empty)"}, and never empty contents (RES-02, RES-03, RES-05)`, async () => {
      const { result, error } = await read(era, uri);
      assert.equal(result, undefined);
      assert.equal(error?.code, -32602);
      assert.deepEqual(error?.data, { uri });
    });
  }

  Deno.test(`${era}: lists and pages are the same for everyone (MIX-01, CACHE-03)`, async () => {
    const tokens = [undefined, await issuer.token(), await issuer.token({ sub: "grace" })];
    for (
      const [method, params] of [
        ["resources/list", {}],
        ["resources/templates/list", {}],
        ["resources/read", { uri: "ui://widget/own-notes.html" }],
      ] as const
    ) {
      const texts = await Promise.all(
        tokens.map(async (token) => (await ask(server, rpc(era, method, params, { token }))).text),
      );
      assert.equal(new Set(texts).size, 1, method);
    }
  });

  Deno.test(`${era}: the template of widgets is listed`, async () => {
    const [template] = await listed(era, "resources/templates/list", "resourceTemplates");
    assert.equal(template?.["uriTemplate"], "ui://widget/{name}.html");
  });
}

for (const name of NAMES) {
  Deno.test(`${name} is one self-contained HTML page of at most 40 KB, without eval (UI-02, UI-03, UI-10, UI-11)`, async () => {
    const { content } = await read("modern", `ui://widget/${name}.html`);
    assert.equal(content?.mimeType, "text/html;profile=mcp-app");
    const html = content?.text ?? "";
    assert.match(html, /^<!doctype html>/i);
    assert.ok(new TextEncoder().encode(html).length <= 40 * 1024);
    assert.ok(!/<script[^>]+src=|<link|@import|url\(["']?http|\beval\(|new Function\(/.test(html));
  });

  Deno.test(`${name} declares that it loads nothing, in both dialects, in list and content alike (UI-09, UI-13, UI-14, OAI-11, OAI-13)`, async () => {
    const { content } = await read("modern", `ui://widget/${name}.html`);
    assert.ok(content);
    const { ui, ...openai } = content._meta;
    assert.deepEqual(ui.csp, {
      connectDomains: [],
      resourceDomains: [],
      frameDomains: [],
      baseUriDomains: [],
    });
    assert.equal(typeof ui["prefersBorder"], "boolean");
    assert.equal(ui["permissions"], undefined);
    assert.equal(ui["domain"], undefined);
    assert.deepEqual(openai["openai/widgetCSP"], { connect_domains: [], resource_domains: [] });
    assert.ok(openai["openai/widgetDescription"]);
    const entry = (await listed("modern", "resources/list", "resources"))
      .find(({ uri }) => String(uri).startsWith(`ui://widget/${name}.`));
    assert.deepEqual(entry?.["_meta"], content._meta);
    assert.equal(entry?.["mimeType"], content.mimeType);
  });
}

Deno.test("what anyone may read may be kept by any cache in the modern era (CACHE-01, CACHE-03)", async () => {
  const { result } = await read("modern", "ui://widget/own-notes.html");
  assert.equal(result?.["cacheScope"], "public");
  assert.ok(Number.isInteger(result?.["ttlMs"]));
});
