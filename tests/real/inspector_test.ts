import assert from "node:assert/strict";
import { answerSignIn } from "../answer_sign_in.ts";
import { UNLOCKED, UNLOCKED_FLAGS } from "../unlocked.ts";
import { shared } from "../shared.ts";
import { startFirstMinute } from "./first_minute.ts";
import { freePort } from "./process.ts";
import { granted } from "./served.ts";

/** The official command line, as a stranger runs it: pinned, but no dependency of ours. */
const INSPECTOR = ["run", "--quiet", "--allow-all", ...UNLOCKED_FLAGS, UNLOCKED.inspector];

/** Without permissions, or where the package cannot be had, there is nothing to test. */
const ignore = !await granted("net", "run", "read", "write", "env") || !await runs();

const server = shared(() => startFirstMinute());

Deno.test({
  name: "the MCP Inspector lists the tools and calls the open one",
  ignore,
  async fn() {
    const { resource } = await server();
    const { tools } = await inspect(resource, ["--method", "tools/list"]) as {
      tools: { name: string }[];
    };
    const names = tools.map(({ name }) => name);
    for (const name of ["search_notes", "list_notes"]) assert.ok(names.includes(name), name);

    const search = ["--tool-name", "search_notes", "--tool-arg", "query=rules"];
    const found = await inspect(resource, ["--method", "tools/call", ...search]) as {
      structuredContent: { query: string; signedIn: boolean };
    };
    assert.equal(found.structuredContent.query, "rules");
    assert.equal(found.structuredContent.signedIn, false);
  },
});

Deno.test({
  name: "the MCP Inspector signs its person in and calls the tool that needs it",
  ignore,
  async fn() {
    const { resource } = await server();
    const callback = `http://127.0.0.1:${freePort()}/oauth/callback`;
    const { structuredContent } = await inspect(
      resource,
      [
        ...["--method", "tools/call", "--tool-name", "add_note", "--tool-arg", "title=Buy stamps"],
        ...["--callback-url", callback],
      ],
      async (url) => {
        const response = await fetch(await answerSignIn(url));
        await response.body?.cancel();
      },
    ) as { structuredContent: { note: { title: string } } };
    assert.equal(structuredContent.note.title, "Buy stamps");
  },
});

/** Runs the Inspector to its end, and returns what it prints. `visit` is the person with a browser. */
async function inspect(
  resource: string,
  args: readonly string[],
  visit: (url: URL) => Promise<void> = () => Promise.reject(new Error("Nobody should be asked to sign in.")),
): Promise<unknown> {
  const storage = await Deno.makeTempDir();
  await using child = new Deno.Command(Deno.execPath(), {
    args: [...INSPECTOR, "--cli", resource, "--transport", "http", ...args],
    env: {
      NO_COLOR: "1",
      MCP_STORAGE_DIR: storage,
      MCP_INSPECTOR_SECRET_STORE: "memory",
      // Lets it ask for a sign-in without a terminal; with no PATH it finds no browser, and prints the URL.
      MCP_AUTO_OPEN_ENABLED: "true",
      PATH: "",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(30_000),
  }).spawn();
  const printed = new Response(child.stdout).text();
  let complaints = "";
  let visited = false;
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    complaints += text;
    const url = /navigate to: (\S+)\n/.exec(complaints)?.[1];
    if (url === undefined || visited) continue;
    visited = true;
    await visit(new URL(url));
  }
  await Deno.remove(storage, { recursive: true });
  assert.ok((await child.status).success, complaints);
  return JSON.parse(await printed);
}

async function runs(): Promise<boolean> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...INSPECTOR, "--cli", "--help"],
    stdout: "null",
    stderr: "null",
  });
  return (await command.output()).success;
}
