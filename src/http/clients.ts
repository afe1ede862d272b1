/** A client that runs beside the server or anywhere else, and the command that adds the server to it. */
export interface CommandClient {
  readonly label: string;
  readonly command: string;
}

/** Clients that are set up by a command, as their makers document it. */
export function commandClients(name: string, endpoint: string): CommandClient[] {
  const entry = JSON.stringify({ name, type: "http", url: endpoint });
  return [
    { label: "Claude Code", command: `claude mcp add --transport http ${name} ${endpoint}` },
    { label: "VS Code", command: `code --add-mcp '${entry}'` },
    { label: "Codex", command: `codex mcp add ${name} --url ${endpoint}` },
    { label: "Gemini CLI", command: `gemini mcp add --transport http ${name} ${endpoint}` },
    { label: "Copilot CLI", command: `copilot mcp add --transport http ${name} ${endpoint}` },
    { label: "MCP Inspector", command: `npx @modelcontextprotocol/inspector ${endpoint}` },
  ];
}
