import assert from "node:assert/strict";
import { sample } from "./sample.ts";
import { widgetTest } from "./widget_page.ts";

const name = "mixed-auth-search";

widgetTest(
  "a widget takes the host's look, keeps what an update leaves out, and has its own without (VIEW-09)",
  async (open) => {
    const context = {
      theme: "dark",
      safeAreaInsets: { top: 30, right: 0, bottom: 0, left: 0 },
      styles: { variables: { "--color-background-primary": "rgb(1, 2, 3)" } },
    };
    const widget = await open(name, { context });
    const look = () =>
      widget.frame.evaluate(() => {
        const { color, paddingTop, colorScheme } = getComputedStyle(document.body);
        const { backgroundColor } = getComputedStyle(document.querySelector(".notice") ?? document.body);
        return { backgroundColor, color, paddingTop, colorScheme };
      });
    const own = { backgroundColor: "rgb(1, 2, 3)", paddingTop: "46px" };
    await widget.send(...sample(name, "empty"));
    assert.deepEqual(await look(), { ...own, color: "rgb(247, 241, 234)", colorScheme: "dark" });
    await widget.send({ method: "ui/notifications/host-context-changed", params: { theme: "light" } });
    assert.deepEqual(await look(), { ...own, color: "rgb(42, 33, 28)", colorScheme: "light" });
    await widget.close();
  },
);

widgetTest("a widget's page is transparent, for the host's own background (8.3)", async (open) => {
  for (const theme of ["light", "dark"]) {
    const widget = await open(name, { context: { theme } });
    const backgrounds = await widget.frame.evaluate(() =>
      ["html", "body", "main"].map((part) => getComputedStyle(document.querySelector(part)!).backgroundColor)
    );
    assert.deepEqual(backgrounds, Array(3).fill("rgba(0, 0, 0, 0)"));
    await widget.close();
  }
});

widgetTest(
  "with forced colours, what is off, searched for or a status can still be told (8.3)",
  async (open) => {
    const widget = await open(name, { width: 360 });
    await widget.page.emulateMedia({ forcedColors: "active" });
    await widget.send(...sample(name, "result"));
    const styleOf = (selector: string, property: string, pseudo?: string) =>
      widget.frame.locator(selector).first().evaluate(
        (element, [property, pseudo]) => getComputedStyle(element, pseudo).getPropertyValue(property ?? ""),
        [property, pseudo],
      );
    const buttons = ["true", "false"].map((disabled) => `.step[aria-disabled=${disabled}]`);
    const [off, on] = await Promise.all(buttons.map((button) => styleOf(button, "color")));
    assert.notEqual(off, on);
    assert.equal(await styleOf(buttons[0]!, "opacity"), "1");
    const canvas = await widget.frame.evaluate(() => {
      document.body.style.backgroundColor = "Canvas";
      return getComputedStyle(document.body).backgroundColor;
    });
    for (const chip of [".chip", ".found", ".toppings li"]) {
      assert.notEqual(await styleOf(chip, "border-left-color"), canvas, chip);
    }
    await widget.close();

    const orders = await open("mixed-auth-past-orders");
    await orders.page.emulateMedia({ forcedColors: "active" });
    await orders.send(...sample("mixed-auth-past-orders", "result"));
    const dot = await orders.frame.locator(".status").first().evaluate((status) => {
      const { borderLeftColor, borderLeftStyle } = getComputedStyle(status, "::before");
      return { borderLeftColor, borderLeftStyle };
    });
    assert.equal(dot.borderLeftStyle, "solid");
    assert.notEqual(dot.borderLeftColor, canvas);
    await orders.close();
  },
);
