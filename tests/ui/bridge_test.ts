import assert from "node:assert/strict";
import { defineWidget } from "../../src/mcp/widget.ts";
import { chromiumAvailable } from "../chromium.ts";
import { type OpenWidget, widgetTest } from "./widget_page.ts";

/** The page of `probe.tsx`, as the server hands it out. */
async function probePage(): Promise<string> {
  const { bundle } = await import("../../src/dev/widgets/bundle.ts");
  const { page } = await import("../../src/dev/widgets/page.ts");
  const html = page("probe", "", await bundle(new URL("./probe.tsx", import.meta.url)));
  const definition = { page: { name: "probe", hash: "0", html }, title: "Probe", description: "For tests." };
  return defineWidget({ ...definition, displayModes: ["inline", "fullscreen", "pip"] }).read().text;
}

const html = chromiumAvailable ? await probePage() : "";
const test = (name: string, run: Parameters<typeof widgetTest>[1]) =>
  widgetTest(name, run, { probe: { html } });

const everything = {
  serverTools: {},
  message: {},
  openLinks: {},
  updateModelContext: { text: {} },
  downloadFile: {},
};

interface Facts {
  readonly [name: string]: unknown;
  readonly host: Readonly<Record<string, unknown>>;
}

async function facts({ frame }: Pick<OpenWidget, "frame">): Promise<Facts> {
  return JSON.parse(await frame.innerText("pre"));
}

/** Presses a button and gives back what came of it. */
async function press({ frame }: Pick<OpenWidget, "frame">, name: string): Promise<unknown> {
  const before = await frame.innerText("output");
  await frame.getByRole("button", { name, exact: true }).click();
  await frame.waitForFunction((old) => document.querySelector("output")?.textContent !== old, before);
  return JSON.parse(await frame.innerText("output"));
}

async function buttons({ frame }: Pick<OpenWidget, "frame">): Promise<string[]> {
  return await frame.getByRole("button").allInnerTexts();
}

/** The last request that the widget sent by a method. */
async function asked({ sent }: OpenWidget, method: string) {
  return (await sent()).findLast((message) => message.method === method)?.params;
}

test("a widget opens links, tells the model, and hands over files, in the words of MCP Apps (VIEW-10)", async (open) => {
  const widget = await open("probe", { capabilities: everything });
  assert.deepEqual(await press(widget, "open"), { isError: false });
  assert.deepEqual(await asked(widget, "ui/open-link"), { url: "https://example.com/map" });
  assert.deepEqual(await press(widget, "tell"), {});
  assert.deepEqual(await asked(widget, "ui/update-model-context"), {
    content: [{ type: "text", text: "The person looks at 7." }],
  });
  assert.deepEqual(await press(widget, "save"), { isError: false });
  assert.deepEqual(await asked(widget, "ui/download-file"), {
    contents: [{
      type: "resource",
      resource: { uri: "file:///a%20b.csv", mimeType: "text/csv", text: "1,2\n" },
    }],
  });
  await widget.frame.getByRole("button", { name: "save bytes" }).click();
  await widget.send();
  assert.deepEqual(await asked(widget, "ui/download-file"), {
    contents: [{ type: "resource", resource: { uri: "file:///b", mimeType: "image/png", blob: "AP8=" } }],
  });
  await widget.close();
});

test("what a host does not offer is not there to press, and what it refuses is an error (VIEW-11)", async (open) => {
  const poor = await open("probe");
  assert.deepEqual(await buttons(poor), ["count 0"]);
  await poor.close();

  const refusing = await open("probe", { capabilities: everything, refuse: true });
  assert.deepEqual(await press(refusing, "open"), "Error: The host refused.");
  await refusing.close();
});

test("a call reports its progress to the widget, and asks for none where nobody listens (VIEW-10)", async (open) => {
  const progress = [{ progress: 1, total: 2 }, { progress: 2, total: 2 }];
  const toolAnswers = [{ structuredContent: { counted: 2 } }];
  const widget = await open("probe", { capabilities: everything, progress, toolAnswers });
  assert.deepEqual(await press(widget, "call"), { content: [], structuredContent: { counted: 2 } });
  assert.deepEqual((await facts(widget)).steps, [[1, 2], [2, 2]]);
  const { _meta, ...call } = await asked(widget, "tools/call") ?? {};
  assert.deepEqual(call, { name: "count", arguments: { to: 2 } });
  assert.deepEqual(Object.keys(_meta as object), ["progressToken"]);

  await widget.send({ method: "notifications/progress", params: { progressToken: 1e6, progress: 9 } });
  assert.deepEqual((await facts(widget)).steps, [[1, 2], [2, 2]], "progress of an unknown call is nothing");
  await widget.close();
});

test("a widget declares its display modes, and asks for those that the host has, too (VIEW-03, VIEW-04)", async (open) => {
  const context = {
    displayMode: "inline",
    availableDisplayModes: ["inline", "fullscreen", "cinema"],
  } as const;
  const widget = await open("probe", { context });
  const declared = (await asked(widget, "ui/initialize"))?.appCapabilities;
  assert.deepEqual(declared, { availableDisplayModes: ["inline", "fullscreen", "pip"] });
  assert.deepEqual(await buttons(widget), ["inline", "fullscreen", "count 0"]);
  assert.equal((await facts(widget)).mode, "inline");
  assert.deepEqual(await press(widget, "fullscreen"), { mode: "fullscreen" });
  assert.deepEqual(await asked(widget, "ui/request-display-mode"), { mode: "fullscreen" });
  assert.equal((await facts(widget)).mode, "fullscreen");
  await widget.close();

  const stubborn = await open("probe", { context, grantedMode: "inline" });
  assert.deepEqual(await press(stubborn, "fullscreen"), { mode: "inline" });
  assert.equal((await facts(stubborn)).mode, "inline");
  await stubborn.close();
});

test("arguments arrive while they are written, then whole; a cancelled call is told (VIEW-06, VIEW-07)", async (open) => {
  const widget = await open("probe");
  const known = async () => {
    const { input, inputComplete, state } = await facts(widget);
    return [input, inputComplete, state];
  };
  assert.deepEqual(await known(), [{}, false, "loading"]);
  await widget.page.evaluate(() => host.bridge.sendToolInputPartial({ arguments: { to: 1 } }));
  await widget.send();
  assert.deepEqual(await known(), [{ to: 1 }, false, "loading"]);
  await widget.page.evaluate(() => host.bridge.sendToolInput({ arguments: { to: 12 } }));
  await widget.send();
  assert.deepEqual(await known(), [{ to: 12 }, true, "loading"]);
  await widget.page.evaluate(() => host.bridge.sendToolCancelled({ reason: "user action" }));
  await widget.send();
  assert.deepEqual(await known(), [{ to: 12 }, true, "cancelled"]);
  await widget.close();
});

test("what is known of the surroundings is the host's word, checked, or else the browser's (VIEW-09)", async (open) => {
  const context = {
    theme: "dark",
    locale: "ar-EG",
    safeAreaInsets: { top: 30, left: "wide" },
    containerDimensions: { maxHeight: 480, width: 300 },
    deviceCapabilities: { touch: true },
  };
  const told = await open("probe", { context });
  assert.deepEqual((await facts(told)).host, {
    theme: "dark",
    locale: "ar-EG",
    safeArea: { top: 30, right: 0, bottom: 0, left: 0 },
    maxHeight: 480,
    touch: true,
  });
  await told.send({ method: "ui/notifications/host-context-changed", params: { theme: "sepia", locale: 5 } });
  const { theme, locale, touch } = (await facts(told)).host;
  assert.deepEqual([theme, locale, touch], [
    "light",
    await told.frame.evaluate(() => navigator.language),
    true,
  ]);
  await told.close();
});

test("view state begins anew where no host keeps it, and the page writes nothing itself (VIEW-14)", async (open) => {
  const widget = await open("probe");
  await widget.frame.getByRole("button", { name: "count 0" }).click();
  await widget.frame.getByRole("button", { name: "count 1" }).waitFor();
  await widget.close();
});

test(
  "without MCP Apps the same goes to window.openai, and view state survives a reload there (VIEW-16)",
  async (_open, chromium) => {
    const page = await chromium.newPage();
    const frame = page.mainFrame();
    const load = (widgetState: unknown) =>
      page.goto("about:blank").then(() =>
        page.evaluate((kept) => {
          const calls: unknown[] = [];
          const openai = {
            calls,
            toolOutput: { counted: 1 },
            displayMode: "inline",
            maxHeight: 400,
            safeArea: { insets: { top: 5 } },
            userAgent: { capabilities: { touch: true } },
            widgetState: kept,
            setWidgetState(state: unknown) {
              this.widgetState = state;
              return Promise.resolve();
            },
            ...Object.fromEntries(
              ["callTool", "sendFollowUpMessage", "openExternal", "requestDisplayMode"].map((name) => [
                name,
                (...args: unknown[]) => Promise.resolve({ call: calls.push([name, ...args]) }),
              ]),
            ),
          };
          Object.assign(globalThis, { openai });
        }, widgetState)
      ).then(() => page.setContent(html));
    const openai = (member: string) =>
      page.evaluate((name) => (Reflect.get(globalThis, "openai") as Record<string, unknown>)[name], member);

    await load(null);
    assert.deepEqual(await buttons({ frame }), [
      ...["call", "say", "open", "tell", "inline", "fullscreen", "pip", "count 0"],
    ]);
    for (const name of ["call", "say", "open", "fullscreen"]) await press({ frame }, name);
    assert.deepEqual(await openai("calls"), [
      ["callTool", "count", { to: 2 }],
      ["sendFollowUpMessage", { prompt: "Hello" }],
      ["openExternal", { href: "https://example.com/map" }],
      ["requestDisplayMode", { mode: "fullscreen" }],
    ]);
    const { maxHeight, safeArea, touch } = (await facts({ frame })).host;
    assert.deepEqual([maxHeight, safeArea, touch], [400, { top: 5, right: 0, bottom: 0, left: 0 }, true]);

    await page.getByRole("button", { name: "count 0" }).click();
    await page.getByRole("button", { name: "tell" }).click();
    const kept = { privateContent: { count: 1 }, modelContent: "The person looks at 7." };
    assert.deepEqual(await openai("widgetState"), kept);
    await load(kept);
    await page.getByRole("button", { name: "count 1" }).click();
    assert.deepEqual(await openai("widgetState"), { ...kept, privateContent: { count: 2 } });

    await load({ privateContent: { count: "seven" } });
    await page.getByRole("button", { name: "count 0" }).waitFor();
  },
);
