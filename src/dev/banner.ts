/** What a person who starts the server in development needs to know. */
export interface BannerContent {
  readonly title: string;
  /** URL of the MCP endpoint. */
  readonly resource: string;
  readonly issuer: string;
  /** Asked for at sign-in when others than this machine can reach the server. */
  readonly passcode: string | undefined;
}

/** The text that a start in development prints: where everything is, and what to paste into which client. */
export function banner({ title, resource, issuer, passcode }: BannerContent): string {
  const { origin } = new URL(resource);
  const name = "pizza";
  const config = JSON.stringify({ name, type: "http", url: resource });
  const secure = resource.startsWith("https:");
  const remote = secure
    ? `  ChatGPT        Settings → Plugins → add your own, with the URL ${resource}
  Claude         Settings → Connectors → Add custom connector, with the same URL`
    : `  ChatGPT, Claude: they need a public https address, so open a tunnel and start again:
                 cloudflared tunnel --url ${origin}
                 RESOURCE_SERVER_URL=https://<the name it prints>/mcp deno task start`;
  return `
  ${title}, with a DEVELOPMENT-ONLY authorization server: whoever reaches it can sign in as anyone.

  MCP endpoint   ${resource}
${
    passcode
      ? ""
      : `  Playground     ${origin}/playground\n`
  }  Sign-in        ${issuer} (Ada, Grace, Linus, or any name you type)${
    passcode ? `\n  Passcode       ${passcode}` : ""
  }

  Claude Code    claude mcp add --transport http ${name} ${resource}
  VS Code        code --add-mcp '${config}'
  Inspector      npx @modelcontextprotocol/inspector ${resource}
${remote}

  Set AUTHORIZATION_SERVER_URL to use your own authorization server instead.
`;
}
