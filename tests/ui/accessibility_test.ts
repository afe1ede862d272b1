import assert from "node:assert/strict";
import { assertAccessibleInBothThemes } from "./both_themes.ts";
import { STATES } from "./fixture/samples.ts";
import { notesTest } from "./notes_widget.ts";

notesTest("axe finds nothing to object to in any state, light or dark (VIEW-18)", async (open) => {
  const widget = await open("notes", { capabilities: { serverTools: {}, message: {} } });
  for (const [state, messages] of Object.entries(STATES)) {
    await widget.send(...messages);
    await assertAccessibleInBothThemes(widget, state);
  }
  await widget.close();
});

notesTest("nothing moves for people who asked for less motion", async (open) => {
  const widget = await open("notes");
  const running = () => widget.frame.evaluate(() => document.getAnimations().length);
  assert.ok(await running() > 0, "the skeleton shines otherwise");
  await widget.page.emulateMedia({ reducedMotion: "reduce" });
  assert.equal(await running(), 0);
  await widget.close();
});
