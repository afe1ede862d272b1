import app, { createTools } from "../../src/app/mod.ts";
import { type AppDefinition, defineApp } from "../../src/mcp/app.ts";

/** The sample app on orders of a test's own. */
export function createApp(
  { orders, now = Date.now, randomUUID = () => crypto.randomUUID() }:
    & Pick<Parameters<typeof createTools>[0], "orders">
    & Partial<Parameters<typeof createTools>[0]>,
): AppDefinition {
  return defineApp({ ...app, env: {}, open: () => ({ tools: createTools({ orders, now, randomUUID }) }) });
}
