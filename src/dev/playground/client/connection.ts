import {
  type CallToolResult,
  Client,
  type ElicitRequestFormParams,
  type ElicitResult,
  type Progress,
  type ReadResourceResult,
  StreamableHTTPClientTransport,
  type Tool,
} from "@modelcontextprotocol/client";
import {
  getToolUiResourceUri,
  isToolVisibilityAppOnly,
  isToolVisibilityModelOnly,
  type McpUiResourcePermissions,
  RESOURCE_MIME_TYPE,
} from "@modelcontextprotocol/ext-apps/app-bridge";
import type { Account } from "./account.ts";
import { Challenged, checkResult, readChallenge } from "./challenge.ts";
import type { Era } from "./settings.ts";

/** A widget as the server hands it out. */
export interface WidgetResource {
  /** Differs after each change of the widget (OAI-15). */
  readonly uri: string;
  readonly html: string;
  /** `_meta.ui.csp`, unchecked: the sandbox checks it. */
  readonly csp: unknown;
  /** `_meta.ui.permissions`: browser features that the widget asks for. */
  readonly permissions: McpUiResourcePermissions;
  readonly prefersBorder: boolean;
}

/** The MCP server over one revision of the protocol. */
export interface Connection {
  /** Tools for the model; those that only widgets may call are left out. */
  readonly tools: readonly Tool[];
  /**
   * Rejects with {@linkcode Challenged} when the person has to sign in or allow more first. `onquestion` is told that
   * the tool asks the person something.
   */
  call(
    name: string,
    args: Record<string, unknown>,
    meta: Record<string, unknown>,
    onprogress: (progress: Progress) => void,
    onquestion?: () => void,
  ): Promise<CallToolResult>;
  /** The tool of this name, if widgets may call it (UI-06). */
  toolForWidgets(name: string): Tool | undefined;
  /** The tool's widget, read as a resource (APPS UI Resource Format); undefined for a tool without. */
  widgetOf(tool: Tool): Promise<WidgetResource | undefined>;
  /** Reads a resource of the server. */
  read(uri: string): Promise<ReadResourceResult["contents"]>;
}

/** Puts a question of a tool to the person. */
export type AskPerson = (question: ElicitRequestFormParams) => Promise<ElicitResult>;

/** Connects with the account's token, if it has one. */
export async function connect(
  { url, era, account, fetch, askPerson }: {
    readonly url: string;
    readonly era: Era;
    readonly account: Account;
    readonly fetch: typeof globalThis.fetch;
    readonly askPerson: AskPerson;
  },
): Promise<Connection> {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    async fetch(input, init) {
      const response = await fetch(input, init);
      const challenge = readChallenge("403", response.headers.get("www-authenticate") ?? "");
      if (challenge.error === "insufficient_scope") throw new Challenged({ challenge });
      return response;
    },
    authProvider: {
      token: () => Promise.resolve(account.accessToken()),
      async onUnauthorized({ response }) {
        const challenge = readChallenge("401", response.headers.get("www-authenticate") ?? "");
        if (!await account.refresh(challenge)) throw new Challenged({ challenge });
      },
    },
  });
  const client = new Client({ name: "playground", version: "1.0.0" }, {
    capabilities: {
      extensions: { "io.modelcontextprotocol/ui": { mimeTypes: [RESOURCE_MIME_TYPE] } },
      elicitation: { form: {} },
    },
    ...(era === "2026-07-28" && { versionNegotiation: { mode: { pin: era } } }),
  });
  client.setRequestHandler("elicitation/create", ({ params }) => {
    if (params.mode === "url") return { action: "cancel" };
    return askPerson(params);
  });
  await client.connect(transport);
  const { tools } = await client.listTools();
  return {
    tools: tools.filter((tool) => !isToolVisibilityAppOnly(tool)),
    async call(name, args, meta, onprogress, onquestion) {
      const result = await client.callTool({ name, arguments: args, _meta: meta }, {
        // The SDK reports a question as progress, in words for developers.
        onprogress: (progress) =>
          progress.message?.startsWith("Fulfilling input required by")
            ? onquestion?.()
            : onprogress(progress),
      });
      checkResult(result);
      return result;
    },
    toolForWidgets: (name) => tools.find((tool) => tool.name === name && !isToolVisibilityModelOnly(tool)),
    async widgetOf(tool) {
      const uri = getToolUiResourceUri(tool);
      if (uri === undefined) return undefined;
      const { contents: [item] } = await client.readResource({ uri });
      if (!item || item.mimeType !== RESOURCE_MIME_TYPE) throw new Error(`${uri} is not a widget.`);
      const html = "text" in item ? item.text : new TextDecoder().decode(Uint8Array.fromBase64(item.blob));
      const { csp = {}, permissions = {}, prefersBorder = false } = (item._meta?.["ui"] ?? {}) as Partial<
        WidgetResource
      >;
      return { uri, html, csp, permissions, prefersBorder };
    },
    read: async (uri) => (await client.readResource({ uri })).contents,
  };
}
