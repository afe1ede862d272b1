import type { Browser, Page } from "playwright-core";
import type { HostMessage } from "../../../src/ui/mod.ts";
import { launchChromium } from "../../chromium.ts";
import type { HostOptions } from "../../ui/host.ts";
import { hostPage, POLICY } from "../../ui/host_page.ts";

/** Pages in frames of the official host library, in real Chromium. */
export interface Stage extends AsyncDisposable {
  /** Makes an HTML page known by a name. */
  put(name: string, html: string): void;
  /** Opens the page and sends it a result; `look` sees the frame in which the data has been painted. */
  perform<T>(name: string, result: HostMessage, look: (frame: Painted) => Promise<T>): Promise<T>;
}

/** A frame whose data can be seen. */
export interface Painted {
  /** Milliseconds from the start of the frame's navigation to the painting of the data. */
  readonly milliseconds: number;
  readonly frame: ReturnType<Page["frames"]>[number];
}

const OFFERED: HostOptions = { capabilities: { serverTools: {}, message: {} } };

/** Runs first in each page: tells the host when the data has been painted. */
const PROBE = `<script>
new MutationObserver((_, observer) => {
  if (!document.querySelector("li[class]:not(.bone)")) return;
  observer.disconnect();
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => parent.postMessage({ painted: performance.now() }, "*");
  // A message that is sent right before a frame is drawn arrives right after it.
  requestAnimationFrame(() => port2.postMessage(""));
}).observe(document, { childList: true, subtree: true });
</script>`;

/** Serves on loopback and starts a browser, both until disposed of. */
export async function openStage(): Promise<Stage> {
  const pages = new Map<string, string>();
  const host = await hostPage();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const html = pages.get(new URL(request.url).pathname);
    const headers = new Headers({ "content-type": "text/html" });
    if (html) headers.set("content-security-policy", POLICY);
    return new Response(html ?? host, { headers });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const browser = await launchChromium();
  return {
    put: (name, html) => void pages.set(`/${name}`, html.replace("</head>", () => `${PROBE}</head>`)),
    async perform(name, result, look) {
      const page = await openHost(browser, origin);
      const milliseconds = await timeToPaint(page, `${origin}/${name}`, result);
      const looked = await look({ milliseconds, frame: page.frames()[1]! });
      await page.close();
      return looked;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server.shutdown();
    },
  };
}

async function openHost(browser: Browser, origin: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 720, height: 900 } });
  await page.goto(origin);
  return page;
}

function timeToPaint(page: Page, url: string, result: HostMessage): Promise<number> {
  return page.evaluate(async ([url, result, options]) => {
    const painted = new Promise<number>((resolve) =>
      addEventListener("message", ({ data }) => data.painted && resolve(data.painted))
    );
    await host.open(url, options);
    await host.bridge.notification(result);
    return await painted;
  }, [url, { ...result }, OFFERED] as const);
}
