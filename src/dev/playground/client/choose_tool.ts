import type { Tool } from "@modelcontextprotocol/client";

/** A tool call that a model could have made. */
export interface Choice {
  readonly tool: Tool;
  readonly args: Record<string, unknown>;
}

const STOP_WORDS = new Set(
  "a an and any are at before can could do find for get give have how i if in is it like me my near of on please show so some tell that the them there to us want what where which with you"
    .split(" "),
);

/**
 * Chooses as a model might: the tool whose name and title share most words with the text; the description breaks ties.
 * Its first text argument gets the words that are not its own. Undefined when nothing fits. Tools that change something
 * are never chosen: their form calls them.
 */
export function chooseTool(tools: readonly Tool[], text: string): Choice | undefined {
  const said = words(text);
  const [best] = tools
    .filter(({ annotations }) => annotations?.readOnlyHint)
    .map((tool) => ({
      tool,
      score: 10 * shared(said, named(tool)) + shared(said, words(tool.description ?? "")),
    }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
  if (!best) return undefined;
  const { tool } = best;
  const known = named(tool);
  const rest = (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => !STOP_WORDS.has(word) && !known.has(stem(word)));
  const property = Object.entries(tool.inputSchema.properties ?? {}).find(([, schema]) => isText(schema))
    ?.[0];
  return { tool, args: property !== undefined && rest.length > 0 ? { [property]: rest.join(" ") } : {} };
}

function named({ name, title, annotations }: Tool): Set<string> {
  return words(`${name.replaceAll("_", " ")} ${title ?? annotations?.title ?? ""}`);
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
