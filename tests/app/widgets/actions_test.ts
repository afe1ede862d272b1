import assert from "node:assert/strict";
import { nextPage } from "./next_page.ts";
import { sample } from "./sample.ts";
import { type OpenWidget, widgetTest } from "./widget_page.ts";

const search = (state: string) => sample("mixed-auth-search", state);
const orders = (state: string) => sample("mixed-auth-past-orders", state);
const signInFirst = { isError: true, _meta: { "mcp/www_authenticate": ['Bearer error="invalid_token"'] } };

/** The parameters of every message that the widget sent by one method. */
async function sentBy({ sent }: OpenWidget, method: string) {
  return (await sent()).filter((message) => message.method === method).map(({ params }) => params);
}

widgetTest("signing in is asked for in the chat, once (VIEW-14, VIEW-17)", async (open) => {
  const widget = await open("mixed-auth-search", { capabilities: { message: {} } });
  await widget.send(...search("anonymous"));
  await widget.frame.getByRole("button", { name: "Sign in to see where you ordered before" }).click();
  await widget.frame.getByText("Asked in the chat.").waitFor();
  const text = "Please sign me in, so that I can see where I ordered pizza before.";
  assert.deepEqual(await sentBy(widget, "ui/message"), [{
    role: "user",
    content: [{ type: "text", text }],
  }]);
  await widget.close();
});

widgetTest(
  "without messages to the chat, or when one is refused, the widget says what to type (VIEW-11, OAI-25)",
  async (open) => {
    const silent = await open("mixed-auth-past-orders");
    await silent.send(...orders("signed out"));
    assert.equal(await silent.frame.getByRole("button").count(), 0);
    assert.match(await silent.frame.innerText("main"), /Ask in the chat for your past orders/);
    await silent.close();

    const refusing = await open("mixed-auth-past-orders", {
      capabilities: { message: {} },
      refuseMessages: true,
    });
    await refusing.send(...orders("signed out"));
    await refusing.frame.getByRole("button", { name: "Sign in" }).click();
    assert.match(
      await refusing.frame.getByRole("alert").innerText(),
      /Ask in the chat for your past orders/,
    );
    await refusing.close();
  },
);

widgetTest(
  "a failed call can be tried again with the same arguments, where the host allows calls",
  async (open) => {
    const tool = { name: "search_pizza_sf", inputSchema: { type: "object" } };
    const [again] = search("result");
    const input = {
      method: "ui/notifications/tool-input",
      params: { arguments: { searchTerm: "pepperoni" } },
    };
    const widget = await open("mixed-auth-search", {
      capabilities: { serverTools: {} },
      context: { toolInfo: { tool } },
      toolAnswers: [again?.params ?? {}],
    });
    await widget.send(input, ...search("error"));
    await widget.frame.getByRole("button", { name: "Try again" }).click();
    await widget.frame.getByText("Corner Dough").waitFor();
    assert.deepEqual(await sentBy(widget, "tools/call"), [{
      name: tool.name,
      arguments: input.params.arguments,
    }]);
    await widget.close();

    const without = await open("mixed-auth-search", { context: { toolInfo: { tool } } });
    await without.send(input, ...search("error"));
    assert.equal(await without.frame.getByRole("button").count(), 0);
    await without.close();
  },
);

widgetTest("an order is placed again by its own button, and a failure can be repeated", async (open) => {
  const toolAnswers = [{ isError: true }, {}, signInFirst];
  const widget = await open("mixed-auth-past-orders", {
    capabilities: { serverTools: {}, message: {} },
    toolAnswers,
  });
  await widget.send(...orders("result"));
  const [first, second] = [widget.frame.locator(".order").nth(0), widget.frame.locator(".order").nth(1)];
  await first.getByRole("button", { name: "Reorder" }).click();
  await first.getByText("That did not work.").waitFor();
  await first.getByRole("button", { name: "Try again" }).click();
  await first.getByText("Ordered again").waitFor();
  await second.getByRole("button", { name: "Reorder" }).click();
  await second.getByRole("button", { name: "Sign in to reorder" }).waitFor();
  const calls = await sentBy(widget, "tools/call") as {
    name: string;
    arguments: { orderId: string; idempotencyKey: string };
  }[];
  assert.deepEqual(calls.map(({ name }) => name), Array(3).fill("reorder_pizza"));
  assert.deepEqual(calls.map((call) => call.arguments.orderId), ["order-0.01", "order-0.01", "order-3"]);
  const [once, again, other] = calls.map((call) => call.arguments.idempotencyKey);
  assert.ok(once && once === again, "a second try is the same wish");
  assert.notEqual(other, once);
  await widget.close();
});

widgetTest(
  "there is no Reorder where the host allows no calls or the result does not offer it (VIEW-11)",
  async (open) => {
    const cases = [[{}, orders("result")], [{ serverTools: {} }, orders("plain")]] as const;
    for (const [capabilities, messages] of cases) {
      const widget = await open("mixed-auth-past-orders", { capabilities });
      await widget.send(...messages);
      assert.equal(await widget.frame.getByRole("button", { name: "Reorder" }).count(), 0);
      await widget.close();
    }
  },
);

widgetTest("older orders are asked for in the chat when there are more", async (open) => {
  const widget = await open("mixed-auth-past-orders", { capabilities: { message: {} } });
  await widget.send(...orders("plain"));
  const button = widget.frame.getByRole("button", { name: "Show older orders" });
  while (await nextPage(widget));
  assert.equal(await button.count(), 0);
  await widget.send(...orders("result"));
  while (await nextPage(widget));
  await button.click();
  await widget.frame.getByText("Asked in the chat.").waitFor();
  await widget.close();
});
