import assert from "node:assert/strict";
import { ERAS, toolCall } from "../support.ts";
import { startFirstMinute } from "./first_minute.ts";
import { NOTES } from "./process.ts";
import { granted } from "./served.ts";
import { staticImports } from "./static_imports.ts";

const ignore = !await granted("net", "run", "read", "write", "env");

/** What only development answers. */
const DEVELOPMENT_PATHS = [
  "/auth/authorize",
  "/auth/jwks.json",
  "/.well-known/oauth-authorization-server/auth",
  "/.well-known/openid-configuration/auth",
  "/playground",
];
const SOURCE = new URL("../../src/", import.meta.url).href;

/** Nobody listens there, and a start does not wait for it. */
const PRODUCTION = { AUTHORIZATION_SERVER_URL: "http://127.0.0.1:9" };
/** No clock goes on, so that what happens later never does. */
const NO_TIME_PASSES = NOTES.toSpliced(1, 0, "--preload=tests/real/no_time_passes.ts");
let production: ReturnType<typeof observe> | undefined;
const observeProduction = () => production ??= observe(PRODUCTION);

Deno.test({
  name:
    "with an authorization server configured, nothing of development answers and none of its code is loaded (AS-13)",
  ignore,
  async fn() {
    const { missing, modules } = await observeProduction();
    assert.deepEqual(missing, DEVELOPMENT_PATHS);
    assert.ok(modules.includes("server.ts"), modules.join());
    assert.deepEqual(modules.filter((path) => path.startsWith("dev/")), []);
    assert.ok(
      !modules.includes("auth/token_exchange.ts"),
      "no tool calls another API, so nothing that exchanges tokens is loaded",
    );
  },
});

Deno.test({
  name: "only the database that is used is loaded (issue 9)",
  ignore,
  async fn() {
    const storage = ({ modules }: { modules: string[] }) =>
      modules.filter((path) => /storage\/(sqlite|postgres)/.test(path));
    assert.deepEqual(storage(await observeProduction()), ["storage/sqlite.ts"]);
    const withPostgres = await observe({ ...PRODUCTION, DATABASE_URL: "postgres://ada@127.0.0.1:9/notes" });
    assert.deepEqual(storage(withPostgres), ["storage/postgres.ts"]);
  },
});

Deno.test({
  name: "calls of tools that answer at once load nothing of what else a tool can do (issue 10)",
  ignore,
  async fn() {
    const { modules } = await observeProduction();
    assert.ok(modules.includes("mcp/tool_context.ts"), modules.join());
    const unused = ["mcp/sdk_lane.ts", "mcp/sdk_server.ts", "auth/token_exchange.ts", "telemetry.ts"];
    assert.deepEqual(modules.filter((path) => unused.includes(path)), []);
  },
});

Deno.test({
  name: "a start waits for no signatures, no hashes, no database, no telemetry and no SDK to be loaded",
  ignore,
  async fn() {
    const waitedFor = await staticImports("main.ts");
    assert.ok(waitedFor.some((specifier) => specifier.includes("zod@")), waitedFor.join());
    const late =
      /jose|node:|npm:pg|storage\/(sqlite|postgres)|telemetry|@modelcontextprotocol|auth\/verif|src\/dev\//;
    assert.deepEqual(waitedFor.filter((specifier) => late.test(specifier)), []);
  },
});

Deno.test({
  name: "issuers are asked a while after the start, so that the first callers do not wait for it (issue 11)",
  ignore,
  async fn() {
    const { modules } = await observe(PRODUCTION, NO_TIME_PASSES);
    assert.ok(modules.includes("mcp/tool.ts"), modules.join());
    assert.deepEqual(modules.filter((path) => path.startsWith("auth/verif")), []);
  },
});

Deno.test({
  name:
    "a start and a call that is answered at once set no timer, for which Deno loads a part of Node (issue 11)",
  ignore,
  async fn() {
    await using server = await startFirstMinute(PRODUCTION, NO_TIME_PASSES);
    const call = toolCall("legacy", "search_notes", { query: "any" });
    const { result } = await (await fetch(new Request(server.resource, call))).json();
    assert.ok(result.structuredContent, JSON.stringify(result));
    assert.ok(!server.written.includes("A timer of Node's was set"), server.written);
  },
});

Deno.test({
  name: "without one, all of it answers",
  ignore,
  async fn() {
    const { missing, modules } = await observe({});
    assert.deepEqual(missing, []);
    assert.ok(modules.includes("dev/issuer/issuer.ts"), modules.join());
  },
});

/**
 * Runs the server and calls a tool in each era: which of the paths are 404, and which modules of `src/` the engine has
 * run by the end.
 */
async function observe(env: Readonly<Record<string, string>>, args = NOTES) {
  const coverage = await Deno.makeTempDir();
  const missing: string[] = [];
  {
    await using server = await startFirstMinute({ DENO_COVERAGE_DIR: coverage, ...env }, args);
    for (const path of DEVELOPMENT_PATHS) {
      const response = await fetch(new URL(path, server.resource));
      await response.body?.cancel();
      if (response.status === 404) missing.push(path);
    }
    for (const era of ERAS) {
      const call = toolCall(era, "search_notes", { query: "any" });
      const { result } = await (await fetch(new Request(server.resource, call))).json();
      assert.ok(result.structuredContent, JSON.stringify(result));
    }
  }
  const modules: string[] = [];
  for await (const { name } of Deno.readDir(coverage)) {
    const { url } = JSON.parse(await Deno.readTextFile(`${coverage}/${name}`)) as { url: string };
    if (url.startsWith(SOURCE)) modules.push(url.slice(SOURCE.length));
  }
  await Deno.remove(coverage, { recursive: true });
  return { missing, modules };
}
