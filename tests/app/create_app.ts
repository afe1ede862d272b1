import sample, { createTools } from "../../src/app/mod.ts";
import { type AppDefinition, defineApp, type OpenApp } from "../../src/mcp/app.ts";

/** The sample app on orders of a test's own. */
export function createApp(
  { orders, now = Date.now, randomUUID = () => crypto.randomUUID(), ...app }:
    & Pick<Parameters<typeof createTools>[0], "orders">
    & Partial<Parameters<typeof createTools>[0]>
    & Pick<OpenApp, "ready">,
): AppDefinition {
  const tools = () => createTools({ orders, now, randomUUID });
  return defineApp({ ...sample, env: {}, open: () => ({ ...app, tools: tools() }) });
}
