import type { Tool } from "@modelcontextprotocol/client";

/** A tool call that a model could have made. */
export interface Choice {
  readonly tool: Tool;
  readonly args: Record<string, unknown>;
  /** Whether the tool may change something. Then only the person calls it, with its form. */
  readonly changes: boolean;
}

const STOP_WORDS = new Set(
  "a an and any are at before can could do find for get give have how i if in is it like me my near of on please show so some tell that the them there to us want what where which with you"
    .split(" "),
);

/**
 * Chooses as a model might: the tool whose name or title shares most words with the text. Of equals, one that only
 * reads comes before one that changes something, and then the description decides.
 * Its first text argument gets the words that are not its own. Undefined when nothing fits.
 */
export function chooseTool(tools: readonly Tool[], text: string): Choice | undefined {
  const said = words(text);
  const [best] = tools
    .map((tool) => ({
      tool,
      changes: !tool.annotations?.readOnlyHint,
      byName: Math.max(...namesOf(tool).map((name) => shared(said, name))),
      byDescription: shared(said, words(tool.description ?? "")),
    }))
    .filter(({ byName, byDescription }) => byName + byDescription > 0)
    .toSorted((a, b) =>
      b.byName - a.byName || Number(a.changes) - Number(b.changes) || b.byDescription - a.byDescription
    );
  if (!best) return undefined;
  const { tool, changes } = best;
  const known = namesOf(tool);
  const rest = (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => !STOP_WORDS.has(word) && !known.some((name) => name.has(stem(word))));
  const property = Object.entries(tool.inputSchema.properties ?? {}).find(([, schema]) => isText(schema))
    ?.[0];
  const args = property !== undefined && rest.length > 0 ? { [property]: rest.join(" ") } : {};
  return { tool, args, changes };
}

function namesOf({ name, title, annotations }: Tool): Set<string>[] {
  return [words(name.replaceAll("_", " ")), words(title ?? annotations?.title ?? "")];
}

function words(text: string): Set<string> {
  const all = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(all.filter((word) => !STOP_WORDS.has(word)).map(stem));
}

/** So that "orders" and "ordered" match "order". */
function stem(word: string): string {
  return word.length > 4 ? word.replace(/(?:s|ed|ing)$/, "") : word;
}

function shared(a: Set<string>, b: Set<string>): number {
  return a.intersection(b).size;
}

function isText(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && "type" in schema && schema.type === "string";
}
