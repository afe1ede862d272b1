import assert from "node:assert/strict";
import type { Tool } from "../../src/mcp/tool.ts";
import { playgroundTest } from "./page.ts";

/** The same with other addresses of widgets in it. */
function atOtherAddresses<Descriptor>(descriptor: Descriptor): Descriptor {
  return JSON.parse(
    JSON.stringify(descriptor).replaceAll(/(ui:\/\/widget\/[\w-]+)\.\w+\.html/g, "$1.0a1.html"),
  );
}

/** The tools as after a change of every widget. */
function withOtherWidgets(tools: readonly Tool[]): Tool[] {
  return tools.map((tool) => {
    const { widget } = tool;
    return {
      ...tool,
      descriptor: atOtherAddresses(tool.descriptor),
      widget: widget && {
        ...widget,
        descriptor: atOtherAddresses(widget.descriptor),
        read() {
          const { text, ...others } = widget.read();
          return { ...others, text: String(text).replace("</main>", "</main><footer>Built anew</footer>") };
        },
      },
    };
  });
}

playgroundTest(
  "widgets that were built anew take the places of the old ones, and the conversation stays",
  async ({ page, served, ask, signIn, widget }) => {
    await ask("List my notes");
    await signIn("Connect");
    await ask("Search notes for rules");
    await widget("House rules");
    // Who waits inside a frame is told that the page is closed when the frame goes.
    const before = await page.locator("iframe.widget").elementHandles();
    await served.restart(withOtherWidgets);
    for (const frame of before) await frame.waitForElementState("hidden");
    const search = await widget("Built anew");
    assert.match(await search.innerText("main"), /House rules/);
    const notes = page.locator("iframe.widget").first().contentFrame().frameLocator("iframe");
    await notes.getByText("Built anew").waitFor();
    assert.match(await notes.locator("main").innerText(), /Ask Babbage/);
    await page.getByRole("button", { name: "Signed in as Ada" }).waitFor();
  },
);

playgroundTest(
  "a widget stays as it is when a restart has not changed it, and tools are listed anew",
  async ({ page, served, ask, widget }) => {
    await ask("Search notes for rules");
    const search = await widget("House rules");
    await page.getByRole("tab", { name: "Tools" }).click();
    const add = page.getByText("add_note", { exact: true });
    await add.waitFor();
    await served.restart((tools) => tools.filter(({ name }) => name !== "add_note"));
    await add.waitFor({ state: "detached" });
    await ask("Search notes for rules");
    assert.match(await search.innerText("main"), /House rules/);
  },
);

playgroundTest("a page that was built anew is loaded again", async ({ page, ask }) => {
  await ask("Search notes for rules");
  const loaded = page.waitForEvent("load");
  await page.route("**/playground/build", (route) => route.fulfill({ json: { start: "1", page: "2" } }), {
    times: 1,
  });
  await loaded;
  await page.getByRole("heading", { name: "See the whole flow, sign-in included" }).waitFor();
});
