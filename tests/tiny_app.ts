import { z } from "zod";
import { type Access, anyone } from "../src/mcp/access.ts";
import { type AppDefinition, defineApp } from "../src/mcp/app.ts";
import type { Resource } from "../src/mcp/resource.ts";
import { defineTool, type Tool, type ToolDefinition, type ToolOutcome } from "../src/mcp/tool.ts";
import type { ToolContext } from "../src/mcp/tool_context.ts";
import { defineWidget } from "../src/mcp/widget.ts";

/** A widget for tools whose face no test looks at. */
export const WIDGET = defineWidget({
  page: { name: "any", hash: "0", html: "<!doctype html><title>Any</title>" },
  title: "Any",
  description: "Any.",
});

const input = z.strictObject({});
const output = z.object({ answer: z.string() });
type Outcome = ToolOutcome<typeof output>;
type Run = (
  args: object,
  context: ToolContext<{ readonly level: "mixed"; readonly scopes: readonly string[] }>,
) => Outcome | Promise<Outcome>;

type Extra = Partial<
  Pick<
    ToolDefinition<Access, typeof input, typeof output>,
    "timeLimitMs" | "progress" | "visibility"
  >
>;

/** A tool without arguments that gives back one word. */
export function tool(name: string, run: Run, access: Access = anyone(), extra: Extra = {}): Tool {
  return defineTool({
    ...{
      name,
      title: `The ${name} tool`,
      description: "For tests.",
      access,
      input,
      output,
      widget: WIDGET,
      run,
    },
    ...extra,
    ...{ invoking: "Running", invoked: "Done" },
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
  });
}

/** An app of these tools and resources, whose scopes are `notes:read` and `notes:write`. */
export function tinyApp(tools: readonly Tool[], resources: readonly Resource[] = []): AppDefinition {
  return defineApp({
    ...{ name: "tiny", title: "Tiny", version: "1.0.0", instructions: "For tests." },
    scopes: { "notes:read": "Read your notes", "notes:write": "Change your notes" },
    open: () => ({ tools, resources }),
  });
}
