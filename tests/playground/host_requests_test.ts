import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { anyone } from "../../src/mcp/access.ts";
import { tool } from "../tiny_app.ts";
import { hostTest } from "./host_page.ts";

const text = (text: string) => ({ type: "text", text });
const embedded = (uri: string, rest: Record<string, unknown>) => ({
  type: "resource",
  resource: { uri, ...rest },
});

hostTest(
  "a link opens in a new window that cannot reach back, on a click",
  async ({ page, origin, open }) => {
    const widget = await open();
    const opened = page.waitForEvent("popup");
    assert.deepEqual(await widget.ask("ui/open-link", { url: `${origin}/health` }), {});
    const popup = await opened;
    await popup.waitForURL(`${origin}/health`);
    assert.equal(await popup.evaluate(() => opener === null && document.referrer === ""), true);
  },
);

hostTest("only web pages are opened, and the page says what was refused", async ({ page, open, notice }) => {
  const widget = await open();
  for (
    const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "nonsense",
      `https://example.com/${"x".repeat(3000)}`,
    ]
  ) {
    assert.deepEqual(await widget.ask("ui/open-link", { url }), { isError: true }, url);
    assert.match(await notice(), /other than a web page/);
  }
  assert.equal(page.context().pages().length, 1);
});

hostTest(
  "a page is not opened, nor a file saved, unless the person has just acted",
  async ({ page, open, notice }) => {
    const widget = await open();
    // An evaluation counts as an act, so the clock of the page stands in for the time since the last one.
    await page.evaluate(() =>
      Object.defineProperty(navigator, "userActivation", { value: { isActive: false } })
    );
    assert.deepEqual(await widget.ask("ui/open-link", { url: "https://example.com/" }), { isError: true });
    assert.match(await notice(), /without a click/);
    const contents = [embedded("file:///a.txt", { text: "a" })];
    assert.deepEqual(await widget.ask("ui/download-file", { contents }), { isError: true });
    assert.match(await notice(), /without a click/);
  },
);

hostTest("a file is downloaded with its bytes, under a name that is safe", async ({ page, open }) => {
  const widget = await open();
  for (
    const [resource, name, bytes] of [
      [
        embedded("file:///reports/list of 2026.csv", { mimeType: "text/csv", text: "a,é" }),
        "list-of-2026.csv",
        "a,é",
      ],
      [embedded("file:///..%2f/.hidden.bin?x=1", { blob: btoa("\u0000bin") }), "hidden.bin", "\u0000bin"],
    ] as const
  ) {
    const downloading = page.waitForEvent("download");
    assert.deepEqual(await widget.ask("ui/download-file", { contents: [resource] }), {});
    const download = await downloading;
    assert.equal(download.suggestedFilename(), name);
    assert.equal(await readFile(await download.path(), "utf8"), bytes);
  }
});

hostTest(
  "a link to a resource of the server is downloaded as the server answers it",
  async ({ page, open }) => {
    const widget = await open();
    const downloading = page.waitForEvent("download");
    const contents = [{ type: "resource_link", uri: "ui://widget/any.html", name: "any" }];
    assert.deepEqual(await widget.ask("ui/download-file", { contents }), {});
    assert.match(await readFile(await (await downloading).path(), "utf8"), /<title>Probe/);
  },
);

hostTest(
  "files that are too many or too large are refused with the reason",
  async ({ open, notice }) => {
    const widget = await open();
    const one = embedded("file:///a.txt", { text: "a" });
    for (
      const [contents, reason] of [
        [Array(11).fill(one), /11 files at once; at most 10/],
        [[embedded("file:///a.bin", { text: "x".repeat(10 * 1024 * 1024 + 1) })], /larger than 10 MB/],
      ] as const
    ) {
      assert.deepEqual(await widget.ask("ui/download-file", { contents }), { isError: true });
      assert.match(await notice(), reason);
    }
  },
);

hostTest("the chat shows what the model knows from a widget, the last word only", async ({ page, open }) => {
  const widget = await open();
  const known = page.locator(".known pre");
  await widget.ask("ui/update-model-context", { content: [text("Looked at one")] });
  await known.filter({ hasText: "Looked at one" }).waitFor();
  await widget.ask("ui/update-model-context", {
    structuredContent: { chosen: "two", access_token: "secret-token" },
  });
  await known.filter({ hasText: '"chosen": "two"' }).waitFor();
  assert.doesNotMatch(await known.innerText(), /Looked at one|secret-token/);
  await widget.ask("ui/update-model-context", { structuredContent: { much: "x".repeat(50_000) } });
  await known.filter({ hasText: "characters)" }).waitFor();
  assert.ok((await known.innerText()).length < 11_000);
  await widget.ask("ui/update-model-context", {});
  await known.waitFor({ state: "detached" });
});

hostTest(
  "a message of a widget is said in the chat; one that is too long or empty is refused",
  async ({ page, open, notice }) => {
    const widget = await open();
    const say = (words: string) => widget.ask("ui/message", { role: "user", content: [text(words)] });
    assert.deepEqual(await say("x".repeat(10_001)), { isError: true });
    assert.match(await notice(), /longer than 10000 characters/);
    assert.deepEqual(await say(" "), { isError: true });
    assert.deepEqual(await say("What about tomorrow?"), {});
    await page.locator(".by-widget", { hasText: "What about tomorrow?" }).waitFor();
  },
);

hostTest("a widget is told what the host can do", async ({ open }) => {
  const widget = await open();
  await widget.hasContext("hostCapabilities", {
    openLinks: {},
    downloadFile: {},
    serverTools: {},
    message: { text: {} },
    updateModelContext: { text: {}, structuredContent: {} },
  });
});

/** A tool that reports that it is halfway, and ends when it is told to. */
function slow() {
  const end = Promise.withResolvers<void>();
  const made = tool(
    "survey",
    async (_, { progress }) => {
      progress(1, 2, "Halfway there");
      await end.promise;
      return { data: { answer: "all" }, text: "All" };
    },
    anyone(),
    { progress: true },
  );
  return { end: end.resolve, made };
}

for (const era of ["2025-11-25", "2026-07-28"]) {
  const { made, end } = slow();
  hostTest(`the progress of a tool is shown while it runs (${era})`, async ({ page }) => {
    await page.getByRole("radio", { name: era }).check();
    await page.getByRole("button", { name: "Start the survey" }).click();
    const card = page.getByRole("article");
    await card.getByText("Halfway there").waitFor();
    assert.equal(await card.getByRole("progressbar").getAttribute("value"), "1");
    end();
    await page.locator('article[data-state="done"]').waitFor();
    assert.equal(await card.getByRole("progressbar").count(), 0);
  }, { tools: [made], prompts: ["Start the survey"] });
}

const called = slow();
hostTest("a widget that asks for the progress of its call gets it before the result", async ({ open }) => {
  const widget = await open();
  const answer = widget.ask("tools/call", { name: "survey", arguments: {}, _meta: { progressToken: "p" } });
  await widget.frame.getByText("Progress Halfway there").waitFor();
  called.end();
  assert.deepEqual((await answer)["structuredContent"], { answer: "all" });
}, { tools: [called.made] });
