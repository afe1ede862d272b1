/** What the person who starts the server in development needs to know. */
export interface BannerContent {
  /** Of the app; clients file the server under it. */
  readonly name: string;
  readonly title: string;
  /** URL of the MCP endpoint. */
  readonly resource: string;
  readonly issuer: string;
  /** URL of the playground, where there is one. */
  readonly playground: string | undefined;
  /** Asked for at sign-in when others than this machine can reach the server. */
  readonly passcode: string | undefined;
}

/** The text that a start in development prints: where everything is, and what to paste into which client. */
export function banner({ name, title, resource, issuer, playground, passcode }: BannerContent): string {
  const config = JSON.stringify({ name, type: "http", url: resource });
  const rows: [string, string | undefined][] = [
    ["MCP endpoint", resource],
    ["Playground", playground],
    ["Sign-in", `${issuer} (Ada, Grace, Linus, or any name you type)`],
    ["Passcode", passcode],
    ["Claude Code", `claude mcp add --transport http ${name} ${resource}`],
    ["VS Code", `code --add-mcp '${config}'`],
    ["Inspector", `npx @modelcontextprotocol/inspector ${resource}`],
    ...(resource.startsWith("https:") ? httpsClients(resource) : tunnelSteps(resource)),
  ];
  const lines = rows.flatMap(([label, value]) => value === undefined ? [] : `  ${label.padEnd(15)}${value}`);
  return `
  ${title}, with a DEVELOPMENT-ONLY authorization server: whoever reaches it can sign in as anyone.

${lines.join("\n")}

  Set AUTHORIZATION_SERVER_URL to use your own authorization server instead.
`;
}

function httpsClients(resource: string): [string, string][] {
  return [
    ["ChatGPT", `Settings → Plugins → add your own, with the URL ${resource}`],
    ["Claude", "Settings → Connectors → Add custom connector, with the same URL"],
  ];
}

function tunnelSteps(resource: string): [string, string][] {
  return [
    ["ChatGPT, Claude", " need a public https address. Open a tunnel and start again:"],
    ["", `cloudflared tunnel --url ${new URL(resource).origin}`],
    ["", "RESOURCE_SERVER_URL=https://<the name it prints>/mcp deno task start"],
  ];
}
