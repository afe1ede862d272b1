/** Opens a built widget in real Chromium, inside the official host library and under the default MCP Apps policy. */
import assert from "node:assert/strict";
import type { Browser, Frame, Page } from "playwright-core";
import { faces } from "../../src/app/mod.ts";
import type { HostMessage } from "../../src/ui/mod.ts";
import { chromiumAvailable, launchChromium } from "../chromium.ts";
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

/** As the server hands them out. */
const sample = Object.fromEntries(faces.map((face) => [face.descriptor.name, { html: face.read().text }]));

/** A test in real Chromium, ignored where none may be started. The server on loopback and the browser end with it. */
export function widgetTest(
  name: string,
  run: (open: Open, browser: Browser) => Promise<void>,
  pages: Readonly<Record<string, { readonly html: string } | undefined>> = sample,
): void {
  Deno.test(name, { ignore: !chromiumAvailable }, async () => {
    const host = await hostPage();
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
      const widget = pages[new URL(request.url).pathname.slice(1)];
      const headers = new Headers({ "content-type": "text/html" });
      if (widget) headers.set("content-security-policy", POLICY);
      return new Response(widget?.html ?? host, { headers });
    });
    const browser = await launchChromium();
    try {
      const origin = `http://127.0.0.1:${server.addr.port}/`;
      await run((widget, options = {}) => openWidget(browser, origin, widget, options), browser);
    } finally {
      await browser.close();
      await server.shutdown();
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
      await page.close();
      assert.deepEqual(complaints, []);
    },
  };
}
