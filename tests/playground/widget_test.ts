import assert from "node:assert/strict";
import { playgroundTest } from "./page.ts";

playgroundTest(
  "theme, language and width of the host reach the widget",
  async ({ page, choose, ask, signIn, widget }) => {
    await ask("List my notes");
    await signIn("Connect");
    const notes = await widget("Ask Babbage");
    await choose("Dark");
    await notes.waitForFunction(() => document.documentElement.style.colorScheme === "dark");
    assert.equal(await page.evaluate(() => document.documentElement.style.colorScheme), "dark");
    await choose("de-DE");
    await notes.waitForFunction(() => document.documentElement.lang === "de-DE");
    for (const width of [360, 768, 1200]) {
      await choose(String(width));
      await notes.waitForFunction((expected) => innerWidth === expected, width);
    }
  },
);

playgroundTest(
  "a widget is alone on another origin, and cannot reach the server or anyone",
  async ({ served, ask, widget }) => {
    await ask("Search notes for rules");
    const search = await widget("House rules");
    assert.equal(await search.evaluate(() => origin), "null");
    assert.equal(
      search.parentFrame()?.url().startsWith(served.origin.replace("localhost", "127.0.0.1")),
      true,
    );
    const attempts = await search.evaluate(async (url) => {
      const tried = (what: () => unknown) =>
        Promise.resolve().then(what).then(() => "worked", () => "refused");
      return [
        await tried(() => fetch(url)),
        await tried(() => fetch("/mcp", { method: "POST", body: "{}" })),
        // Not at once: what a debugger evaluates itself may use eval.
        await tried(() => new Promise((done) => setTimeout(done)).then(() => eval("1"))),
        await tried(() => top?.document.title),
        await tried(() => top?.location.assign(url)),
      ];
    }, served.origin).catch(() => assert.fail("the widget left its page"));
    assert.deepEqual(attempts, ["refused", "refused", "refused", "refused", "refused"]);
  },
  { expectsViolations: true },
);

playgroundTest("a widget is told before it goes", async ({ page, ask, signIn, widget }) => {
  await ask("List my notes");
  await signIn("Connect");
  const notes = await widget("Ask Babbage");
  const told = notes.evaluate(() =>
    new Promise((resolve) =>
      addEventListener("message", ({ data }) => data.method === "ui/resource-teardown" && resolve("told"))
    )
  );
  await page.getByRole("button", { name: "Signed in as Ada" }).click();
  await signIn("Switch person", { person: "Grace" });
  assert.equal(await told, "told");
});

playgroundTest("any tool can be called by a form made from its schema", async ({ page, waitFor, widget }) => {
  await page.getByRole("tab", { name: "Tools" }).click();
  const tool = page.locator(".tool", { hasText: "search_notes" });
  await tool.locator("summary").click();
  await tool.getByLabel("query").fill("park");
  await tool.getByRole("button", { name: "Call" }).click();
  await waitFor("done");
  await widget("Where to park");
});

/** A widget that shows the locale of each host context that it gets. */
const PROBE = `<!doctype html><title>Probe</title><body><script>
const post = (message) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
addEventListener("message", ({ data }) => {
  const { locale } = data.result?.hostContext ?? data.params ?? {};
  if (locale) document.body.textContent = "Locale " + locale;
  if (data.id === 1) post({ method: "ui/notifications/initialized", params: {} });
});
post({ id: 1, method: "ui/initialize", params: {
  protocolVersion: "2026-01-26", appInfo: { name: "probe", version: "1" }, appCapabilities: {} } });
</script>`;

playgroundTest(
  "the locale of the host is in a widget's first host context, and in the next after a change",
  async ({ choose, ask, widget }) => {
    await choose("ar-EG");
    await ask("Search notes for rules");
    await widget("Locale ar-EG");
    await choose("ja-JP");
    await widget("Locale ja-JP");
  },
  {
    serve: {
      change: (tools) =>
        tools.map((tool) => {
          const { widget } = tool;
          return {
            ...tool,
            widget: widget && { ...widget, read: () => ({ ...widget.read(), text: PROBE }) },
          };
        }),
    },
  },
);
