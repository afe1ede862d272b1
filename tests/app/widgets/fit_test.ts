import assert from "node:assert/strict";
import type { Frame, Page } from "playwright-core";
import type { HostMessage } from "../../../src/ui/mod.ts";
import { samples } from "../../../widgets/samples.ts";
import { muchData } from "./much_data.ts";
import { nextPage } from "./next_page.ts";
import { sample } from "./sample.ts";
import { type OpenWidget, widgetTest } from "./widget_page.ts";

const WIDTHS = [320, 600, 1200];
/** What Claude shows of a widget without scrolling (its directory's rule), in CSS pixels. */
const TALLEST = 500;
const FINGER = 44;

const HOSTS = {
  "a host with everything": { capabilities: { serverTools: {}, message: {} } },
  "a host with nothing, in Arabic": { capabilities: {}, context: { locale: "ar-EG" } },
};

/** Waits until the frame is as high as its content, which may change once more when a scrollbar has gone. */
async function hostHasFollowed(page: Page, frame: Frame): Promise<void> {
  const content = () =>
    frame.evaluate(() => Math.ceil(document.documentElement.getBoundingClientRect().height));
  const given = () => page.evaluate(() => document.querySelector("iframe")?.clientHeight);
  for (let attempt = 0; attempt < 500; attempt++) if (await content() === await given()) return;
  assert.equal(await given(), await content(), "the host gives the frame the height of its content");
}

/** Everything in the frame that is too large for where it is; empty when all fits. */
async function misfits({ page, frame }: OpenWidget): Promise<string[]> {
  await hostHasFollowed(page, frame);
  return frame.evaluate(({ tallest, finger }) => {
    const found: string[] = [];
    const root = document.documentElement;
    const sizes = [root.scrollWidth, root.clientWidth, root.scrollHeight, root.clientHeight].join(" ");
    if (root.scrollWidth !== root.clientWidth || root.scrollHeight !== root.clientHeight) {
      found.push(`the frame scrolls: ${sizes}`);
    }
    if (root.clientHeight > tallest) found.push(`the frame is high: ${sizes}`);
    for (const element of document.body.querySelectorAll("*")) {
      const { overflowX, overflowY } = getComputedStyle(element);
      const scrolls = (overflow: string, content: number, box: number) =>
        /auto|scroll/.test(overflow) && content !== box;
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
      if (scrolls(overflowY, scrollHeight, clientHeight)) found.push(`${element.className} scrolls inside`);
      if (scrolls(overflowX, scrollWidth, clientWidth) && element.className !== "carousel") {
        found.push(`${element.className} scrolls sideways`);
      }
      const { left, right } = element.getBoundingClientRect();
      if (!element.closest(".carousel, .slice") && (left < 0 || right > root.clientWidth)) {
        found.push(`${element.className} sticks out: ${left} to ${right}`);
      }
    }
    for (const target of document.querySelectorAll("button, a, [tabindex]")) {
      const { width, height } = target.getBoundingClientRect();
      if (width < finger || height < finger) {
        found.push(`${target.textContent} is ${width} × ${height}`);
      }
    }
    return found;
  }, { tallest: TALLEST, finger: FINGER });
}

/** Every page of a list, one after the other. */
async function misfitsOnAllPages(widget: OpenWidget): Promise<string[]> {
  const found = await misfits(widget);
  while (await nextPage(widget)) found.push(...await misfits(widget));
  return found;
}

for (const width of WIDTHS) {
  for (const [host, options] of Object.entries(HOSTS)) {
    widgetTest(
      `no widget in any state scrolls, is over 500 pixels high or has small buttons, ${width} pixels wide, ${host} (8.3)`,
      async (open) => {
        const found: string[] = [];
        for (const [name, states] of Object.entries(samples())) {
          const widget = await open(name, { ...options, width });
          const all: Record<string, readonly HostMessage[]> = { ...states, full: [muchData()[name]!] };
          for (const [state, messages] of Object.entries(all)) {
            await widget.send(...messages);
            found.push(...(await misfitsOnAllPages(widget)).map((each) => `${name}, ${state}: ${each}`));
          }
          await widget.close();
        }
        assert.deepEqual(found, []);
      },
    );
  }
}

widgetTest("a widget that has waited too long fits as well, and so do failed orders (8.3)", async (open) => {
  for (const name of Object.keys(samples())) {
    const widget = await open(name, { width: 320, stoppedClock: true });
    await widget.page.clock.runFor(20_000);
    assert.deepEqual(await misfits(widget), []);
    await widget.close();
  }
  const widget = await open("mixed-auth-past-orders", {
    width: 320,
    capabilities: { serverTools: {}, message: {} },
    toolAnswers: [{ isError: true }, { isError: true, _meta: { "mcp/www_authenticate": ["Bearer"] } }],
  });
  await widget.send(...sample("mixed-auth-past-orders", "result"));
  await widget.frame.getByRole("button", { name: "Reorder" }).first().click();
  await widget.frame.getByRole("button", { name: "Try again" }).waitFor();
  assert.deepEqual(await misfits(widget), []);
  await widget.frame.getByRole("button", { name: "Try again" }).click();
  await widget.frame.getByRole("button", { name: "Sign in to reorder" }).waitFor();
  assert.deepEqual(await misfits(widget), []);
  await widget.close();
});

widgetTest(
  "a status of 400 characters wraps in two lines, and is no wider than other ones (8.3)",
  async (open) => {
    const widget = await open("mixed-auth-past-orders", { width: 600 });
    const order = { orderId: "1", restaurantName: "Corner Dough", total: "$1.00" };
    for (const status of ["S".repeat(400), "waiting ".repeat(50)]) {
      await widget.send({
        method: "ui/notifications/tool-result",
        params: { content: [], structuredContent: { orders: [{ ...order, status }] } },
      });
      const box = await widget.frame.locator(".status").boundingBox();
      assert.ok(box && box.width <= 160 && box.height <= 44, JSON.stringify(box));
    }
    await widget.close();
  },
);

widgetTest("all orders are reached by pages, each once, forwards and backwards (8.3)", async (open) => {
  const widget = await open("mixed-auth-past-orders", { width: 360, capabilities: { serverTools: {} } });
  await widget.send(muchData()["mixed-auth-past-orders"]!);
  const shown = () =>
    widget.frame.locator(".order time").evaluateAll((times) =>
      times.map((time) => time.getAttribute("datetime"))
    );
  const [earlier, later] = ["Earlier orders", "Later orders"].map((name) =>
    widget.frame.getByRole("button", { name })
  );
  const first = await shown();
  const seen = [...first];
  while (await earlier!.getAttribute("aria-disabled") === "false") {
    await earlier!.click();
    seen.push(...await shown());
  }
  assert.equal(seen.length, 20);
  assert.deepEqual(seen, seen.toSorted().toReversed());
  assert.match(await widget.frame.getByRole("status").innerText(), /–20 of 20 orders$/);
  while (await later!.getAttribute("aria-disabled") === "false") await later!.click();
  assert.deepEqual(await shown(), first);
  await widget.close();
});

widgetTest(
  "orders that fit on one page are divided when the frame becomes too narrow (8.3)",
  async (open) => {
    const widget = await open("mixed-auth-past-orders", { width: 720 });
    await widget.send(...sample("mixed-auth-past-orders", "plain"));
    assert.equal(await widget.frame.locator(".order").count(), 4);
    await widget.page.setViewportSize({ width: 320, height: 900 });
    await widget.frame.getByText("1–2 of 4 orders").waitFor();
    assert.deepEqual(await misfits(widget), []);
    await widget.close();
  },
);

widgetTest(
  "an order placed again is remembered when the page is turned and turned back (8.3)",
  async (open) => {
    const widget = await open("mixed-auth-past-orders", {
      width: 320,
      capabilities: { serverTools: {} },
      toolAnswers: [{ isError: true }, {}],
    });
    await widget.send(...sample("mixed-auth-past-orders", "result"));
    const first = widget.frame.locator(".order").first();
    const turnAndBack = async () => {
      await widget.frame.getByRole("button", { name: "Earlier orders" }).click();
      await widget.frame.getByRole("button", { name: "Later orders" }).click();
    };
    await first.getByRole("button", { name: "Reorder" }).click();
    await first.getByText("That did not work.").waitFor();
    await turnAndBack();
    await first.getByRole("button", { name: "Try again" }).click();
    await first.getByText("Ordered again").waitFor();
    await turnAndBack();
    assert.equal(await first.getByText("Ordered again").count(), 1);
    const keys = (await widget.sent()).filter(({ method }) => method === "tools/call")
      .map(({ params }) => JSON.stringify(params));
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1], "the second try is the same order");
    await widget.close();
  },
);

widgetTest("a wider frame shows more orders at once, a narrower one fewer (8.3)", async (open) => {
  const widget = await open("mixed-auth-past-orders", { width: 320, capabilities: { serverTools: {} } });
  await widget.send(muchData()["mixed-auth-past-orders"]!);
  const count = () => widget.frame.locator(".order").count();
  const narrow = await count();
  await widget.page.setViewportSize({ width: 900, height: 900 });
  await widget.frame.waitForFunction((few) => document.querySelectorAll(".order").length > few, narrow);
  const wide = await count();
  await widget.page.setViewportSize({ width: 320, height: 900 });
  await widget.frame.waitForFunction((many) => document.querySelectorAll(".order").length < many, wide);
  assert.equal(await count(), narrow);
  await widget.close();
});
