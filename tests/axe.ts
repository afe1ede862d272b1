import assert from "node:assert/strict";
import type { AxeResults } from "axe-core";
import type { Frame } from "playwright-core";

/** The only rule that another theme can change for a page that all rules were run on. */
export const CONTRAST: readonly string[] = ["color-contrast"];

/**
 * Asserts that axe objects to nothing in a document. Documents in frames inside it are not looked at: each is a frame
 * of its own.
 *
 * @param where What the page shows just now, for the message.
 * @param rules Of axe, all by default.
 */
export async function assertAccessible(
  frame: Frame,
  where: string,
  rules?: readonly string[],
): Promise<void> {
  if (!await frame.evaluate("'axe' in globalThis")) {
    const { default: axe } = await import("axe-core");
    // Evaluating reaches a page through the debugger, which its policy against scripts does not bind.
    await frame.evaluate(axe.source);
    // Widgets are transparent; this is what a browser paints behind them, which axe cannot see from inside.
    if (frame.parentFrame()) await frame.addStyleTag({ content: "html { background: Canvas }" });
  }
  const { violations } = await frame.evaluate<AxeResults>(
    `axe.run(${JSON.stringify({ iframes: false, ...(rules && { runOnly: rules }) })})`,
  );
  const found = violations.map(({ id, help, nodes }) =>
    `${id}, ${help}: ${nodes.map(({ html }) => html).join(" ")}`
  );
  assert.deepEqual(found, [], where);
}
