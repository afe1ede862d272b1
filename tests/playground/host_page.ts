import assert from "node:assert/strict";
import type { Frame, Page } from "playwright-core";
import { anyone } from "../../src/mcp/access.ts";
import type { Tool } from "../../src/mcp/tool.ts";
import { createDevIssuer } from "../../src/dev/issuer/issuer.ts";
import { readClientFiles } from "../../src/dev/playground/server/client_files.ts";
import { createPlayground } from "../../src/dev/playground/server/playground.ts";
import { chromiumAvailable, launchChromium } from "../chromium.ts";
import { createTestServer, type TestServer } from "../support.ts";
import { tinyApp, tool, WIDGET } from "../tiny_app.ts";

/** What the widget declares about itself. */
export interface Declared {
  /** `_meta.ui` of its resource. @param origin Of the server. */
  readonly ui?: (origin: string) => Record<string, unknown>;
  readonly appCapabilities?: Record<string, unknown>;
  /** Markup of its body. */
  readonly body?: string;
}

/** The playground with an app whose one widget does as the test says. */
export interface HostPage {
  readonly page: Page;
  readonly origin: string;
  /** Calls the tool and gives its widget, once it has the result. */
  open(): Promise<Widget>;
  /** A field of the device bar. */
  device(label: string): ReturnType<Page["getByLabel"]>;
  notice(): Promise<string>;
}

/** The widget's own document. */
export interface Widget {
  readonly frame: Frame;
  /** Sends a request to the host. Resolves with its result, or with its error. */
  ask(method: string, params: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Resolves once the host context, all changes merged, has this value. */
  hasContext(name: string, value: unknown): Promise<void>;
}

export interface HostPageOptions extends Declared {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  /** Beside the tool `probe`, which shows the widget. */
  readonly tools?: readonly Tool[];
  readonly prompts?: readonly string[];
  /** The widget breaks its policy on purpose. */
  readonly expectsViolations?: boolean;
}

/** A widget that talks to its host in raw JSON-RPC, at the command of the test. */
const probe = ({ body = "", appCapabilities = {} }: Declared) =>
  `<!doctype html><html lang="en"><title>Probe</title><body>${body}<script>
const waiting = new Map();
globalThis.hostContext = {};
let lastId = 0;
const post = (message) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
function ask(method, params) {
  const id = ++lastId;
  post({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
}
addEventListener("message", ({ data: { id, method, params, result, error } }) => {
  if (method === undefined) return waiting.get(id)?.(result ?? { error });
  if (method === "ui/resource-teardown") post({ id, result: {} });
  if (method === "ui/notifications/host-context-changed") Object.assign(globalThis.hostContext, params);
  if (method === "notifications/progress") document.body.append(" Progress " + params.message);
  if (method === "ui/notifications/tool-result") document.body.append(" Result " + params.structuredContent.answer);
});
ask("ui/initialize", {
  protocolVersion: "2026-01-26",
  appInfo: { name: "probe", version: "1" },
  appCapabilities: ${JSON.stringify(appCapabilities)},
}).then(({ hostContext, hostCapabilities }) => {
  Object.assign(globalThis.hostContext, hostContext, { hostCapabilities });
  post({ method: "ui/notifications/initialized", params: {} });
});
</script>`;

const { state } = await Deno.permissions.query({ name: "read" });
const client = state === "granted"
  ? await readClientFiles((path) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url)))
  : undefined;

/** A browser test on the probe's app; at its end nothing may have broken a policy or thrown. */
export function hostTest(
  name: string,
  use: (host: HostPage) => Promise<void>,
  options: HostPageOptions = {},
): void {
  Deno.test({
    name: client ? name : `${name} (run \`deno task build\` first)`,
    ignore: !chromiumAvailable || !client,
    async fn() {
      await using served = await serve(options);
      const browser = await launchChromium();
      try {
        const { width = 1200, height = 900, colorScheme = "light" } = options;
        const page = await browser.newPage({ viewport: { width, height }, colorScheme });
        const complaints: string[] = [];
        page.on("pageerror", (error) => complaints.push(String(error)));
        page.on("console", (message) => {
          // Clients ask for an event stream, which this server does not have, and Chromium reports that as an error.
          const expected = message.text().startsWith("Failed to load resource");
          if (message.type() === "error" && !expected) complaints.push(message.text());
        });
        await page.goto(`${served.origin}/playground`);
        await use(hostPage(page, served.origin));
        if (!options.expectsViolations) assert.deepEqual(complaints, []);
      } finally {
        await browser.close();
      }
    },
  });
}

function hostPage(page: Page, origin: string): HostPage {
  return {
    page,
    origin,
    async open() {
      await page.getByRole("button", { name: "Run the probe" }).click();
      const frames = page.locator("iframe.widget").last().contentFrame().frameLocator("iframe");
      await frames.getByText("Result").waitFor();
      const handle = await frames.owner().elementHandle();
      return widgetIn(await handle?.contentFrame() ?? assert.fail("the widget has no document"));
    },
    device: (label) => page.locator(".device").getByLabel(label, { exact: true }),
    notice: () => page.locator(".notice").innerText(),
  };
}

/** The widget in a frame. */
export function widgetIn(frame: Frame): Widget {
  return {
    frame,
    ask: (method, params) => frame.evaluate(`ask(${JSON.stringify(method)}, ${JSON.stringify(params)})`),
    async hasContext(name, value) {
      await frame.waitForFunction(
        ({ name, wanted }) => JSON.stringify(Reflect.get(globalThis, "hostContext")[name]) === wanted,
        { name, wanted: JSON.stringify(value) },
      );
    },
  };
}

async function serve({ tools = [], prompts = [], ui, ...declared }: HostPageOptions) {
  const made = Promise.withResolvers<TestServer>();
  const listener = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request, info) => (await made.promise).fetch(request, info),
  );
  const origin = `http://localhost:${listener.addr.port}`;
  const resource = `${origin}/mcp`;
  const scopes = { "notes:read": "Read your notes" };
  const issuer = await createDevIssuer({ issuer: `${origin}/auth`, resource, scopes, now: Date.now });
  const page = WIDGET.read();
  const widget = {
    ...WIDGET,
    read: () => ({ ...page, text: probe(declared), _meta: { ...page._meta, ...(ui && { ui: ui(origin) }) } }),
  };
  const probed = tool("probe", () => ({ data: { answer: "yes" }, text: "Yes" }), anyone());
  const { server } = await createTestServer({
    app: tinyApp([probed, ...tools].map((tool) => ({ ...tool, widget }))),
    fetch: issuer.fetch,
    issuers: [issuer.issuer],
    audiences: [resource],
    resource,
    now: Date.now,
    routes: createPlayground({
      client,
      issuer,
      resource,
      title: "Tiny",
      prompts: ["Run the probe", ...prompts],
    }),
  });
  made.resolve(server);
  return { origin, [Symbol.asyncDispose]: () => listener.shutdown() };
}
