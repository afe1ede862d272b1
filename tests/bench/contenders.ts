import { type Command, denoOn } from "./process.ts";

/** Exact versions, outside deno.lock; each server needs the first four. */
const PACKAGES: Readonly<Record<string, string>> = {
  "zod": "4.6.7",
  "jose": "6.2.18",
  "hono": "4.13.19",
  "@hono/node-server": "2.1.9",
  "@modelcontextprotocol/server": "2.4.0",
  "@modelcontextprotocol/sdk": "1.32.2",
  "mcp-handler": "2.4.0",
  "@hono/mcp": "0.3.2",
  "tmcp": "1.20.0",
  "@tmcp/adapter-zod": "0.1.7",
  "@tmcp/transport-http": "0.9.0",
  "fastmcp": "4.20.16",
  "skybridge": "2.0.0",
};

/** A server that ours is compared with. */
export interface Contender {
  readonly name: string;
  /** Of the first of its packages. */
  readonly version: string;
  readonly runtime: "Deno" | "Node";
  /** In `servers/`. */
  readonly script: string;
  /** Packages that it needs besides what all need. */
  readonly packages: readonly string[];
}

function both(name: string, script: string, packages: readonly string[]): Contender[] {
  const version = PACKAGES[packages[0]!]!;
  return (["Deno", "Node"] as const).map((runtime) => ({ name, version, runtime, script, packages }));
}

export const SDK = both("SDK as documented", "sdk.js", ["@modelcontextprotocol/server"]);

/** All of them, each in the best configuration that its documentation shows. */
export const CONTENDERS: readonly Contender[] = [
  ...SDK,
  ...both("SDK, low-level", "sdk_low_level.js", ["@modelcontextprotocol/server"]),
  ...both("SDK", "sdk_1.js", ["@modelcontextprotocol/sdk"]),
  ...both("mcp-handler", "mcp_handler.js", ["mcp-handler", "@modelcontextprotocol/server"]),
  ...both("@hono/mcp", "hono_mcp.js", ["@hono/mcp", "@modelcontextprotocol/sdk"]),
  ...both("tmcp", "tmcp.js", ["tmcp", "@tmcp/adapter-zod", "@tmcp/transport-http"]),
  ...both("fastmcp", "fastmcp.js", ["fastmcp"]),
  ...both("skybridge", "skybridge.js", ["skybridge"]),
];

/** Those that are left out, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  "mcp-use 2.5.2": "with its check of tokens every request needs one, so that no tool is open to everyone",
};

/**
 * Puts servers and what they need into a folder, each script in one of its own: their packages want different versions
 * of the same.
 *
 * @returns the name and version of each package that was asked for.
 */
export async function install(folder: string, contenders: readonly Contender[]): Promise<string[]> {
  const scripts = new Map(contenders.map(({ script, packages }) => [script, packages]));
  const installed = new Set<string>();
  for (const [script, packages] of scripts) {
    const dependencies = Object.fromEntries(
      Object.entries(PACKAGES).filter(([name], index) => index < 4 || packages.includes(name)),
    );
    try {
      await putInto(`${folder}/${script}`, dependencies);
    } catch (error) {
      // It will not start, which is its entry in the table; the others can be measured.
      console.error(`${script}: ${error}`);
      continue;
    }
    for (const [name, version] of Object.entries(dependencies)) installed.add(`${name} ${version}`);
  }
  return [...installed];
}

async function putInto(folder: string, dependencies: Readonly<Record<string, string>>): Promise<void> {
  await Deno.mkdir(folder);
  const servers = new URL("servers/", import.meta.url);
  for await (const { name } of Deno.readDir(servers)) {
    await Deno.copyFile(new URL(name, servers), `${folder}/${name}`);
  }
  await Deno.copyFile(new URL("library.js", import.meta.url), `${folder}/library.js`);
  await Deno.writeTextFile(`${folder}/package.json`, JSON.stringify({ type: "module", dependencies }));
  const { success, stderr } = await new Deno.Command("npm", {
    args: ["install", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"],
    cwd: folder,
  }).output();
  if (!success) throw new Error(`npm cannot install: ${new TextDecoder().decode(stderr)}`);
}

/** How a contender is started that was put into the folder. @param unused How many tools it has that nobody calls. */
export function commandOf(
  { name, runtime, script }: Contender,
  folder: string,
  issuer: string,
  unused = 0,
): Command {
  const path = `${folder}/${script}/${script}`;
  const rest = [issuer, String(unused)];
  if (runtime === "Node") return { name, command: "node", args: [path], rest };
  const args = ["run", "--allow-all", "--no-config", "--no-lock", "--node-modules-dir=manual", path];
  return { name, command: Deno.execPath(), args, rest };
}

/** @param rest What `ours.ts` takes besides. */
export const ours = (issuer: string, unused = 0, ...rest: readonly string[]): Command =>
  denoOn("ours.ts", issuer, String(unused), ...rest);
