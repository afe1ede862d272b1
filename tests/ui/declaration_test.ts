import assert from "node:assert/strict";
import { ConfigError } from "../../src/config/config.ts";
import { defineWidget, type WidgetDefinition } from "../../src/mcp/widget.ts";
import { ask, createTestServer, ERAS, rpc } from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";

const definition = {
  page: { name: "map", hash: "0", html: '<!doctype html><html lang="en"><title>Map</title>' },
  title: "Map",
  description: "A map.",
};

function define(more: Partial<WidgetDefinition>) {
  return defineWidget({ ...definition, ...more });
}

function appWith(more: Partial<WidgetDefinition>) {
  const shown = tool("show", () => ({ data: { answer: "yes" }, text: "yes" }));
  return tinyApp([{ ...shown, widget: define(more) }]);
}

interface Content {
  readonly text: string;
  readonly _meta: Readonly<Record<string, unknown>> & { readonly ui: Readonly<Record<string, unknown>> };
}

async function read(options: Parameters<typeof createTestServer>[0], era = ERAS[1]!): Promise<Content> {
  const { server } = await createTestServer(options);
  const { text } = await ask(server, rpc(era, "resources/read", { uri: "ui://widget/map.html" }));
  return JSON.parse(text).result.contents[0];
}

for (const era of ERAS) {
  Deno.test(`a widget declares origins, domain, permissions and display modes in both dialects, ${era} (OAI-11, OAI-12, UI-09, UI-13)`, async () => {
    const app = appWith({
      csp: {
        connect: ["https://api.example.com", "wss://live.example.com:8443"],
        resource: ["https://*.example.com"],
        frame: ["https://player.example.com"],
        redirect: ["https://maps.example.com"],
      },
      domain: "https://apps.example.com",
      permissions: ["geolocation"],
      displayModes: ["inline", "fullscreen"],
    });
    const { _meta, text } = await read({ app }, era);
    assert.deepEqual(_meta, {
      ui: {
        csp: {
          connectDomains: ["https://api.example.com", "wss://live.example.com:8443"],
          resourceDomains: ["https://*.example.com"],
          frameDomains: ["https://player.example.com"],
          baseUriDomains: [],
        },
        prefersBorder: true,
        domain: "https://apps.example.com",
        permissions: { geolocation: {} },
      },
      "openai/widgetCSP": {
        connect_domains: ["https://api.example.com", "wss://live.example.com:8443"],
        resource_domains: ["https://*.example.com"],
        frame_domains: ["https://player.example.com"],
        redirect_domains: ["https://maps.example.com"],
      },
      "openai/widgetDescription": "A map.",
      "openai/widgetPrefersBorder": true,
      "openai/widgetDomain": "https://apps.example.com",
      "openai/ui": { availableDisplayModes: ["inline", "fullscreen"] },
    });
    assert.match(
      text,
      /<html data-display-modes="inline fullscreen" lang="en">/,
      "the page can tell its host",
    );
  });
}

Deno.test("an origin that hosts would not take, or that would end a directive, is refused with the way to write it (UI-09)", () => {
  const unfit = [
    "api.example.com",
    "https://api.example.com/",
    "https://api.example.com/v1",
    "https://user@api.example.com",
    "https://api.example.com?key=1",
    "http://api.example.com",
    "ws://api.example.com",
    "http://*.localhost.example.com",
    "https://*",
    "https:",
    "*",
    "*://api.example.com",
    "'unsafe-eval'",
    "https://a.example.com; script-src *",
    "https://a.example.com,b.example.com",
    "data:",
    "",
  ];
  for (const origin of unfit) {
    for (const list of ["connect", "resource", "frame", "redirect"]) {
      assert.throws(() => define({ csp: { [list]: ["https://fine.example.com", origin] } }), {
        message: `Cannot define the widget "Map": "${origin}" is not an https origin. ` +
          "Write scheme and host only: https://api.example.com",
      });
    }
  }
  assert.throws(() => define({ domain: "https://apps.example.com/path" }), /"Map".*is not a domain/);
});

Deno.test("an origin of this machine is for development: elsewhere the server does not start", async () => {
  for (const origin of ["http://localhost:3000", "ws://127.0.0.1:3000", "https://localhost"]) {
    const app = appWith({ csp: { connect: [origin] } });
    await assert.rejects(createTestServer({ app }), {
      message:
        `Cannot define the widget "Map": "${origin}" is this machine, which works in development only.`,
    });
    const widget = define({ csp: { connect: [origin] } });
    assert.deepEqual(widget.offeredBy({ domain: undefined, development: true }), widget);
  }
});

Deno.test("WIDGET_DOMAIN is the domain of every widget that names none, in list and content (OAI-12, UI-12, UI-14)", async () => {
  const env = { WIDGET_DOMAIN: "https://apps.example.com" };
  const { _meta } = await read({ app: appWith({}), env });
  assert.equal(_meta.ui["domain"], "https://apps.example.com");
  assert.equal(_meta["openai/widgetDomain"], "https://apps.example.com");
  const { server } = await createTestServer({ app: appWith({}), env });
  const { text } = await ask(server, rpc("modern", "resources/list"));
  assert.deepEqual(JSON.parse(text).result.resources[0]._meta, _meta);

  const own = await read({ app: appWith({ domain: "abc.claudemcpcontent.com" }), env });
  assert.equal(own._meta.ui["domain"], "abc.claudemcpcontent.com");

  for (const domain of ["apps", "https://apps.example.com/x", "http://apps.example.com", "a b.example.com"]) {
    await assert.rejects(
      createTestServer({ app: appWith({}), env: { WIDGET_DOMAIN: domain } }),
      (error) =>
        error instanceof ConfigError && /WIDGET_DOMAIN=.*: write an https origin/.test(error.message),
    );
  }
});
