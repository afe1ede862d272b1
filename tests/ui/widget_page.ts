/** Opens a built widget in real Chromium, inside the official host library and under the default MCP Apps policy. */
import assert from "node:assert/strict";
import type { Browser, Frame, Page } from "playwright-core";
import type { HostMessage } from "../../src/ui/mod.ts";
import { chromiumAvailable, sharedChromium } from "../chromium.ts";
import { shared } from "../shared.ts";
import type { HostOptions, Sent } from "./host.ts";
import { hostPage, POLICY } from "./host_page.ts";

/** A widget in its host. */
export interface OpenWidget {
  readonly page: Page;
  readonly frame: Frame;
  /** Sends notifications of the host, and waits until the widget has handled them. */
  send(...messages: readonly HostMessage[]): Promise<void>;
  /** Everything the widget has sent so far, oldest first. */
  sent(): Promise<Sent[]>;
  /** Ends with an error if the widget has logged one, broken the policy, or thrown. */
  close(): Promise<void>;
}

export interface WidgetOptions extends HostOptions {
  readonly width?: number;
  /** Time goes by only as far as `page.clock` is turned. */
  readonly stoppedClock?: boolean;
}

/** Opens widgets by name; `options.context` is what the host says in `ui/initialize`. */
export type Open = (name: string, options?: WidgetOptions) => Promise<OpenWidget>;

/** Built widgets by name. */
type Pages = Readonly<Record<string, { readonly html: string } | undefined>>;

/** Those of every test in this file. */
const served = new Map<string, string>();
const chromium = sharedChromium();
const server = shared(async () => {
  const host = await hostPage();
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const html = served.get(new URL(request.url).pathname.slice(1));
    const headers = new Headers({ "content-type": "text/html" });
    if (html !== undefined) headers.set("content-security-policy", POLICY);
    return new Response(html ?? host, { headers });
  });
});

/**
 * A test in real Chromium, ignored where none may be started. Tests of one file share browser and server; whatever a test
 * opens is closed with it.
 */
export function widgetTest(
  name: string,
  run: (open: Open, browser: Browser) => Promise<void>,
  pages: Pages,
): void {
  for (const [widget, page] of Object.entries(pages)) if (page) served.set(widget, page.html);
  Deno.test(name, { ignore: !chromiumAvailable }, async () => {
    const [browser, { addr }] = await Promise.all([chromium(), server()]);
    try {
      const origin = `http://127.0.0.1:${addr.port}/`;
      await run((widget, options = {}) => openWidget(browser, origin, widget, options), browser);
    } finally {
      for (const context of browser.contexts()) await context.close();
    }
  });
}

async function openWidget(
  browser: Browser,
  origin: string,
  name: string,
  { width = 720, stoppedClock = false, ...forHost }: WidgetOptions,
): Promise<OpenWidget> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  if (stoppedClock) await page.clock.install();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(origin);
  await page.evaluate(([url, given]) => host.open(url, given), [origin + name, forHost] as const);
  const frame = page.frames().find((each) => each.url().endsWith(name));
  assert(frame, "the widget's frame is there");

  return {
    page,
    frame,
    async send(...messages) {
      await page.evaluate(async (all) => {
        for (const { method, params } of all) await host.bridge.notification({ method, params });
        await host.bridge.request({ method: "ping" });
      }, messages);
    },
    sent: () => page.evaluate(() => host.sent),
    async close() {
      await page.context().close();
      assert.deepEqual(complaints, []);
    },
  };
}
