/** Clients that are set up by a command, and the command, as their makers document it. */
export function commandClients(name: string, endpoint: string): Record<string, string> {
  const entry = JSON.stringify({ name, type: "http", url: endpoint });
  return {
    "Claude Code": `claude mcp add --transport http ${name} ${endpoint}`,
    "VS Code": `code --add-mcp '${entry}'`,
    "Codex": `codex mcp add ${name} --url ${endpoint}`,
    "Gemini CLI": `gemini mcp add --transport http ${name} ${endpoint}`,
    "Copilot CLI": `copilot mcp add --transport http ${name} ${endpoint}`,
    "MCP Inspector": `npx @modelcontextprotocol/inspector ${endpoint}`,
  };
}
