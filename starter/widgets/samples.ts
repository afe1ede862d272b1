/** What a host sends to each widget in each state, for `deno task widgets`. */
import type { HostMessage } from "mcp-app/ui";

export function samples(): Record<string, Record<string, readonly HostMessage[]>> {
  return {
    profile: {
      loading: [],
      result: [{
        method: "ui/notifications/tool-result",
        params: { content: [], structuredContent: { subject: "ada", scopes: ["profile:read"] } },
      }],
      error: [{
        method: "ui/notifications/tool-result",
        params: { isError: true, content: [{ type: "text", text: "Wait 20 seconds, then try again." }] },
      }],
      cancelled: [{ method: "ui/notifications/tool-cancelled", params: { reason: "user action" } }],
    },
  };
}
