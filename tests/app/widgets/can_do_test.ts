import assert from "node:assert/strict";
import { faces } from "../../../src/app/mod.ts";
import { nextPage } from "./next_page.ts";
import { sample } from "./sample.ts";
import { type OpenWidget, widgetTest } from "./widget_page.ts";

const [search, orders] = ["mixed-auth-search", "mixed-auth-past-orders"] as const;
const MAP = "https://www.openstreetmap.org/search?query=Mission%2C+San+Francisco";
const capabilities = { serverTools: {}, message: {}, openLinks: {}, updateModelContext: { text: {} } };
const modes = { displayMode: "inline", availableDisplayModes: ["inline", "fullscreen"] } as const;

function places(map: unknown) {
  return {
    method: "ui/notifications/tool-result",
    params: { content: [], structuredContent: { places: [{ name: "Corner Dough", map }], signedIn: true } },
  };
}

async function asked({ sent }: OpenWidget, method: string) {
  return (await sent()).filter((message) => message.method === method).map(({ params }) => params);
}

/** What sticks out of the page, or makes it higher than hosts show. */
function misfits({ frame }: OpenWidget): Promise<string[]> {
  return frame.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const { height } = document.documentElement.getBoundingClientRect();
    const small = [...document.querySelectorAll("button")].filter((button) => {
      const { width, height } = button.getBoundingClientRect();
      return width < 44 || height < 44;
    });
    return [
      ...(scrollWidth > clientWidth ? ["it is too wide"] : []),
      ...(height > 500 ? [`it is ${height} pixels high`] : []),
      ...small.map(({ ariaLabel, textContent }) => `${ariaLabel ?? textContent} is small`),
    ];
  });
}

widgetTest("a place opens its map in a new window, where the host opens links (VIEW-11)", async (open) => {
  const widget = await open(search, { capabilities });
  await widget.send(places(MAP));
  await widget.frame.getByRole("button", { name: "Map of Corner Dough, in a new window" }).click();
  await widget.send();
  assert.deepEqual(await asked(widget, "ui/open-link"), [{ url: MAP }]);
  for (const map of ["javascript:alert(1)", "http://example.com", 5, undefined]) {
    await widget.send(places(map));
    assert.equal(await widget.frame.getByRole("button").count(), 0, "nothing but an https address is opened");
  }
  await widget.close();

  const without = await open(search, { capabilities: { message: {} } });
  await without.send(places(MAP));
  assert.equal(await without.frame.getByRole("button").count(), 0);
  await without.close();
});

Deno.test("the maps' origin is declared, for hosts that would warn of it (OAI-11)", () => {
  const { "openai/widgetCSP": csp } = faces[0]!.read()._meta as Record<string, Record<string, string[]>>;
  assert.deepEqual(csp?.["redirect_domains"], [new URL(MAP).origin]);
});

widgetTest(
  "orders take the full screen, with all on one page, and give it back (VIEW-03, VIEW-04)",
  async (open) => {
    const widget = await open(orders, { capabilities, context: { ...modes, locale: "en-US" }, width: 360 });
    await widget.send(...sample(orders, "result"));
    const { frame } = widget;
    assert.ok(await frame.locator(".order").count() < 4, "inline, there are pages");
    await frame.getByRole("button", { name: "Full screen" }).click();
    await frame.getByRole("button", { name: "Back to the chat" }).waitFor();
    assert.deepEqual(await asked(widget, "ui/request-display-mode"), [{ mode: "fullscreen" }]);
    assert.equal(await frame.locator(".order").count(), 4);
    assert.equal(await frame.getByRole("button", { name: "Earlier orders" }).count(), 0);
    await frame.getByRole("button", { name: "Back to the chat" }).click();
    await frame.getByRole("button", { name: "Earlier orders" }).waitFor();
    assert.ok(await frame.locator(".order").count() < 4);
    await widget.close();

    const inlineOnly = await open(orders, { capabilities, context: { availableDisplayModes: ["inline"] } });
    await inlineOnly.send(...sample(orders, "result"));
    assert.equal(await inlineOnly.frame.getByRole("button", { name: "Full screen" }).count(), 0);
    await inlineOnly.close();
  },
);

widgetTest(
  "the order that a person chooses is told to the model, and when none is any more (VIEW-11)",
  async (open) => {
    const widget = await open(orders, { capabilities });
    await widget.send(...sample(orders, "result"));
    const first = widget.frame.getByRole("button", { name: "Talk about the order from Corner Dough" });
    await first.click();
    await widget.frame.getByText("Ask in the chat about the order you have chosen.").waitFor();
    assert.equal(await first.getAttribute("aria-pressed"), "true");
    await first.press("Enter");
    await widget.frame.locator('.choose[aria-pressed="true"]').waitFor({ state: "detached" });
    const told = (await asked(widget, "ui/update-model-context")).map((params) =>
      (params?.["content"] as { text: string }[])[0]?.text
    );
    assert.deepEqual(told, [
      "The person has chosen the order order-0.01 from Corner Dough.",
      "The person has chosen no order.",
    ]);
    await widget.frame.getByRole("button", { name: "Reorder" }).first().click();
    await widget.send();
    assert.equal((await asked(widget, "tools/call")).length, 1, "what stands on the card can be pressed");
    assert.equal((await asked(widget, "ui/update-model-context")).length, 2);
    await widget.close();

    const without = await open(orders, { capabilities: {} });
    await without.send(...sample(orders, "result"));
    assert.equal(await without.frame.locator(".choose").count(), 0);
    await without.close();
  },
);

widgetTest(
  "words follow the host's locale in Spanish and Arabic, and are English in others (8.3)",
  async (open) => {
    const expected: Record<string, [lang: string, dir: string, search: RegExp, orders: RegExp]> = {
      "es-MX": ["es", "ltr", /Pizza en San Francisco.*6 pizzerías: ninguna tiene/s, /Entregado.*Repetir/s],
      "ar-EG": ["ar", "rtl", /عدد المطاعم: 6/, /تم التوصيل.*أعد الطلب/s],
      "he-IL": ["en", "rtl", /6 places: none has/, /Delivered.*Reorder/s],
      "no locale": ["en", "", /6 places: none has/, /Delivered.*Reorder/s],
    };
    for (const [locale, [lang, dir, ...words]] of Object.entries(expected)) {
      for (const [index, [name, state]] of ([[search, "no match"], [orders, "result"]] as const).entries()) {
        const widget = await open(name, { capabilities, context: { ...modes, locale }, width: 360 });
        await widget.send(...sample(name, state));
        const { frame } = widget;
        assert.equal(
          await frame.locator("h1").evaluate((title) => title.closest<HTMLElement>("[lang]")?.lang),
          lang,
        );
        assert.equal(await frame.evaluate(() => document.documentElement.dir), dir);
        let shown = await frame.innerText("main");
        if (name === orders) { while (await nextPage(widget)) shown += await frame.innerText("main"); }
        assert.match(shown, words[index]!, `${name}, ${locale}`);
        assert.deepEqual(await misfits(widget), [], `${name}, ${locale}`);
        await widget.close();
      }
    }
  },
);
