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
    await ask("Show my past orders");
    await signIn("Connect");
    await ask("Find pepperoni pizza");
    await widget("Fogline Pizza Works");
    // Who waits inside a frame is told that the page is closed when the frame goes.
    const before = await page.locator("iframe.widget").elementHandles();
    await served.restart(withOtherWidgets);
    for (const frame of before) await frame.waitForElementState("hidden");
    const search = await widget("Built anew");
    assert.match(await search.innerText("main"), /Fogline Pizza Works/);
    const orders = page.locator("iframe.widget").first().contentFrame().frameLocator("iframe");
    await orders.getByText("Built anew").waitFor();
    assert.match(await orders.locator("main").innerText(), /Preparing/);
    await page.getByRole("button", { name: "Signed in as Ada" }).waitFor();
  },
);

playgroundTest(
  "a widget stays as it is when a restart has not changed it, and tools are listed anew",
  async ({ page, served, ask, widget }) => {
    await ask("Find pepperoni pizza");
    const search = await widget("Fogline Pizza Works");
    await page.getByRole("tab", { name: "Tools" }).click();
    const reorder = page.getByText("reorder_pizza", { exact: true });
    await reorder.waitFor();
    await served.restart((tools) => tools.filter(({ name }) => name !== "reorder_pizza"));
    await reorder.waitFor({ state: "detached" });
    await ask("Find pepperoni pizza");
    assert.match(await search.innerText("main"), /Fogline Pizza Works/);
  },
);

playgroundTest("a page that was built anew is loaded again", async ({ page, ask }) => {
  await ask("Find pepperoni pizza");
  const loaded = page.waitForEvent("load");
  await page.route("**/playground/build", (route) => route.fulfill({ json: { start: "1", page: "2" } }), {
    times: 1,
  });
  await loaded;
  await page.getByRole("heading", { name: "See the whole flow, sign-in included" }).waitFor();
});
