import type { Frame } from "playwright-core";
import type { Tool } from "../../src/mcp/tool.ts";

/** Every text of a result made long: in one word, in many, with markup, and from right to left. */
function hostile(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => hostile(item));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hostile(item, name)]));
  }
  if (typeof value !== "string" || /Id$|At$/.test(name)) return value;
  return `${value} ${"W".repeat(400)} <b>&amp;</b> ${"long ".repeat(40)} \u0645\u0631\u062d\u0628\u0627`;
}

/** The same tools with such results. */
export const withHostileResults = (tools: readonly Tool[]): Tool[] =>
  tools.map((tool) => ({
    ...tool,
    // Otherwise the host would refuse a status that is not in the schema.
    descriptor: { ...tool.descriptor, outputSchema: undefined },
    async call(...args) {
      const result = await tool.call(...args);
      const { structuredContent } = result;
      return structuredContent
        ? { ...result, structuredContent: hostile(structuredContent) as Record<string, unknown> }
        : result;
    },
  }));

/** Waits until a document fits its frame, and says by how much it does not. */
export async function overflowOf(frame: Frame): Promise<unknown> {
  const measure = () => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    const fits = innerWidth === clientWidth && innerHeight === clientHeight;
    return scrollWidth === clientWidth && scrollHeight === clientHeight && fits
      ? "fits"
      : JSON.stringify({ innerWidth, innerHeight, scrollWidth, clientWidth, scrollHeight, clientHeight });
  };
  await frame.waitForFunction(`(${measure})() === "fits"`, undefined, { timeout: 5000 }).catch(() => {});
  return await frame.evaluate(measure);
}
