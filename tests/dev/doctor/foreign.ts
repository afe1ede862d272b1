/**
 * Examines servers that others have written, each as its own documentation says to start it, and prints what was
 * found as a table. `deno task doctor:foreign` runs it; it needs npm once, and serves on loopback only.
 */
import type { Result } from "../../../src/dev/doctor/check.ts";
import { runDoctor } from "../../../src/dev/doctor/doctor.ts";
import { freePort } from "../../free_port.ts";
import { UNLOCKED, UNLOCKED_FLAGS } from "../../unlocked.ts";

/** A first tool, declared in full: what it lacks in the report is the package's doing. */
const TOOL = `title: "Time", description: "Tells the time.",
  annotations: { title: "Time", readOnlyHint: true, destructiveHint: false, openWorldHint: false }`;
const SCHEMAS = `inputSchema: z.object({}), outputSchema: z.object({ time: z.string() })`;
/** As version 1 of the SDK takes them. */
const SHAPES = `inputSchema: {}, outputSchema: { time: z.string() }`;
const RUN = `() => ({
  content: [{ type: "text", text: '{"time":"noon"}' }], structuredContent: { time: "noon" } })`;
const ZOD = `import { z } from "npm:zod@4";`;

/** What a process runs to serve on `PORT`, by the name of the package. */
const SERVERS: Readonly<Record<string, string>> = {
  "@modelcontextprotocol/server-lazy-auth": `
    import { createApp } from "${UNLOCKED.lazyAuth}";
    createApp().listen(PORT, "127.0.0.1");`,
  "mcp-handler": `${ZOD}
    import { createMcpHandler, protectedResourceHandler, withMcpAuth } from "${UNLOCKED.mcpHandler}";
    const handler = createMcpHandler((server) => { server.registerTool("time", { ${TOOL}, ${SCHEMAS} }, ${RUN}); });
    const guarded = withMcpAuth(handler, () => undefined, { required: true });
    const metadata = protectedResourceHandler({ authServerUrls: ["http://127.0.0.1:" + PORT] });
    Deno.serve({ port: PORT, hostname: "127.0.0.1" }, (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/mcp") return guarded(request);
      if (pathname.startsWith("/.well-known/oauth-protected-resource")) return metadata(request);
      return new Response("Not found", { status: 404 });
    });`,
  "@hono/mcp": `${ZOD}
    import { McpServer } from "npm:@modelcontextprotocol/sdk@1/server/mcp.js";
    import { Hono } from "npm:hono@4";
    import { simpleMcpAuthRouter, StreamableHTTPTransport } from "${UNLOCKED.honoMcp}";
    const app = new Hono();
    const server = new McpServer({ name: "time", version: "1.0.0" });
    server.registerTool("time", { ${TOOL}, ${SHAPES} }, ${RUN});
    const transport = new StreamableHTTPTransport();
    app.route("/", simpleMcpAuthRouter({
      issuer: "https://issuer.example", resourceServerUrl: new URL("http://127.0.0.1:" + PORT + "/mcp") }));
    app.all("/mcp", async (c) => {
      if (!server.isConnected()) await server.connect(transport);
      return transport.handleRequest(c);
    });
    Deno.serve({ port: PORT, hostname: "127.0.0.1" }, app.fetch);`,
  "fastmcp": `${ZOD}
    import { FastMCP } from "${UNLOCKED.fastmcp}";
    const server = new FastMCP({ name: "time", version: "1.0.0" });
    server.addTool({ name: "time", ${TOOL}, parameters: z.object({}), execute: () => Promise.resolve("noon") });
    await server.start({ transportType: "httpStream", httpStream: { port: PORT, host: "127.0.0.1" } });`,
  "skybridge": `${ZOD}
    import { Skybridge } from "${UNLOCKED.skybridge}/server";
    import http from "node:http";
    // It listens on every interface and cannot be told not to.
    const listen = http.Server.prototype.listen;
    http.Server.prototype.listen = function (port, listening) {
      return listen.call(this, port, "127.0.0.1", listening);
    };
    process.env.__PORT = String(PORT);
    const app = new Skybridge({ name: "time", version: "1.0.0",
      handler: (server) => server.registerTool({ name: "time", ${TOOL}, ${SHAPES} }, ${RUN}) });
    await app.run();`,
  "mcp-use": `${ZOD}
    import { MCPServer } from "${UNLOCKED.mcpUse}";
    const server = new MCPServer({ name: "time", version: "1.0.0" });
    server.tool({ name: "time", ${TOOL}, ${SCHEMAS} }, ${RUN});
    await server.listen(PORT, { host: "127.0.0.1" });`,
};

/** The first start fetches packages. */
const START_MS = 120_000;

interface Examined {
  readonly name: string;
  readonly counts: Readonly<Record<Result["verdict"], number>>;
  readonly results: readonly Result[];
}

if (import.meta.main) {
  const wanted = Object.entries(SERVERS).filter(([name]) =>
    Deno.args.length === 0 || Deno.args.some((arg) => name.includes(arg))
  );
  const rows: string[] = [];
  for (const [name, script] of wanted) {
    const examined = await examineOne(name, script);
    rows.push(typeof examined === "string" ? `| ${name} | ${examined} | | |` : row(examined));
  }
  console.log(["| server | problems | warnings | found |", "|---|---|---|---|", ...rows].join("\n"));
}

async function examineOne(name: string, script: string): Promise<Examined | string> {
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      // Whatever wants to report its use to somebody finds nobody.
      ...[
        "run",
        "--quiet",
        "--no-prompt",
        "--allow-net=127.0.0.1,localhost",
        "--allow-env",
        "--allow-sys",
      ],
      ...["--allow-read", ...UNLOCKED_FLAGS, "--ext=ts", "--no-check", "-"],
    ],
    env: { PORT: String(port), HOST: "127.0.0.1", DO_NOT_TRACK: "1", NODE_ENV: "production" },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const complaints = new Response(child.stderr).text();
  let ended = false;
  const status = child.status.finally(() => ended = true);
  const writer = child.stdin.getWriter();
  await writer.write(
    new TextEncoder().encode(`import process from "node:process";\nconst PORT = ${port};\n${script}`),
  );
  await writer.close();
  try {
    const until = Date.now() + START_MS;
    while (!ended && Date.now() < until && !await listens(port)) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    if (ended) return `did not start: ${(await complaints).slice(0, 300).replaceAll(/\s+/g, " ")}`;
    return await examine(name, `http://127.0.0.1:${port}/mcp`);
  } finally {
    if (!ended) child.kill("SIGTERM");
    await status;
  }
}

async function examine(name: string, url: string): Promise<Examined> {
  using client = Deno.createHttpClient({ allowHost: true });
  let report = "{}";
  await runDoctor([url, "--json"], {
    fetch: (input, init) => {
      const withClient: RequestInit & { client: Deno.HttpClient } = { ...init, client };
      return fetch(input, withClient);
    },
    now: Date.now,
    print: (text) => report = text,
    readToken: () => Promise.reject(new Error("There is no token.")),
    readConfig: () => ({ problems: [] }),
    askDatabase: () => Promise.resolve(),
  });
  return { name, ...JSON.parse(report) };
}

function row({ name, counts, results }: Examined): string {
  // The authorization servers of most are made up here, and prove nothing about them.
  const found = results.filter(({ id }) => !id.startsWith("issuer.")).filter(({ verdict }) =>
    verdict === "problem" || verdict === "warning"
  )
    .map(({ verdict, id, seen }) =>
      `${verdict === "problem" ? "**" : ""}${id}${verdict === "problem" ? "**" : ""} ${seen.slice(0, 120)}`
    );
  return `| ${name} | ${counts.problem} | ${counts.warning} | ${found.join("; ").replaceAll("|", "/")} |`;
}

async function listens(port: number): Promise<boolean> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch {
    return false;
  }
}
