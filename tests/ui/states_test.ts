import assert from "node:assert/strict";
import { notes, STATES } from "./fixture/samples.ts";
import { notesTest } from "./notes_widget.ts";

/** Words that each state must show. */
const EXPECTED: Readonly<Record<keyof typeof STATES, readonly string[]>> = {
  loading: ["Looking for notes…"],
  result: ["Buy stamps", "Ask Babbage"],
  empty: ["No notes", "Write the first one"],
  "no data": ["No notes"],
  cancelled: ["The notes were not looked for", "Nothing was changed."],
  error: ["The notes could not be read", "Wait 20 seconds"],
  "signed out": ["Sign in to see your notes", "Sign in"],
  hostile: ["A note"],
};

notesTest("a widget shows each state that a host can bring it into (VIEW-07, VIEW-17)", async (open) => {
  const widget = await open("notes", { capabilities: { message: {} } });
  for (const [state, words] of Object.entries(EXPECTED)) {
    await widget.send(...STATES[state as keyof typeof STATES]);
    const busy = widget.frame.locator("[aria-busy=true]");
    // What a message brings is drawn a moment after it.
    await widget.frame.getByText(words[0] ?? "").first().waitFor();
    const shown = await widget.frame.innerText("main");
    for (const word of words) assert.ok(shown.includes(word), `${state}: ${word} in ${shown}`);
    assert.equal(await busy.count(), state === "loading" ? 1 : 0, state);
  }
  await widget.close();
});

notesTest(
  "markup, endless, missing and mistyped data is plain text that breaks nothing (VIEW-13)",
  async (open) => {
    const widget = await open("notes", { width: 320 });
    const { frame } = widget;
    await widget.send(...STATES.hostile);
    await frame.getByText("<img src=x onerror=").waitFor();
    assert.equal(await frame.locator("img, b, i").count(), 0);
    assert.doesNotMatch(await frame.innerText("main"), /undefined|null|NaN|\[object|Invalid/);
    assert.equal(await frame.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    await widget.close();
  },
);

notesTest("dates are written in the host's language and time zone (VIEW-09)", async (open) => {
  const widget = await open("notes", { context: { locale: "de-DE", timeZone: "Asia/Tokyo" } });
  await widget.send(...STATES.result);
  const time = widget.frame.locator("time").first();
  assert.equal(await time.innerText(), "01.04.2026, 07:00");
  assert.equal(await time.getAttribute("lang"), "de-DE");
  await widget.send({ method: "ui/notifications/host-context-changed", params: { theme: "dark" } });
  assert.equal(await time.innerText(), "01.04.2026, 07:00", "an update keeps what it leaves out");
  await widget.close();
});

notesTest(
  "a list is reached by pages no higher than 500 pixels, each item once, forwards and backwards (8.3)",
  async (open) => {
    const widget = await open("notes", { capabilities: { serverTools: {} }, width: 360 });
    const { frame } = widget;
    const titles = Array.from({ length: 20 }, (_, index) => `Note ${index + 1}`);
    await widget.send(...notes(...titles));
    const [later, earlier] = ["Later notes", "Earlier notes"].map((name) =>
      frame.getByRole("button", { name })
    );
    const page = async () => {
      const height = await frame.evaluate(() => document.documentElement.getBoundingClientRect().height);
      assert.ok(height <= 500, `${height} px`);
      return await frame.locator(".note h2").allInnerTexts();
    };
    await later!.waitFor();
    const first = await page();
    const seen = [...first];
    while (await later!.getAttribute("aria-disabled") === "false") {
      await later!.click();
      seen.push(...await page());
    }
    assert.deepEqual(seen, titles);
    while (await earlier!.getAttribute("aria-disabled") === "false") await earlier!.click();
    assert.deepEqual(await page(), first);

    await widget.close();
  },
);
