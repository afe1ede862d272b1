import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { ConfigError, loadConfig, variableNames } from "../../src/assemble.ts";
import sample from "../../src/app/mod.ts";
import type { AppDefinition, Widget } from "../../src/mod.ts";
import { createTestServer, type TestServer } from "../../src/dev/testing/mod.ts";
import { logged } from "../log_records.ts";
import { rpc } from "../support.ts";
import { tool } from "../tiny_app.ts";

const root = new URL("../../", import.meta.url);
const states = await Promise.all(
  (["read", "write", "run"] as const).map((name) => Deno.permissions.query({ name })),
);
const ignore = states.some(({ state }) => state !== "granted");
const readme = ignore ? "" : await Deno.readTextFile(new URL("README.md", root));

/** The code blocks of a language, in order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(/^```(\w+)\n([^]*?)^```/gm)].flatMap(([, name, code = ""]) =>
    name === language ? [code] : []
  );
}

/** The rows of the table that follows a heading or a sentence: the first cells, as code spans. */
function codeOfRows(section: string): string[] {
  const text = readme.split(`\n## ${section}\n`)[1]?.split("\n## ")[0] ?? "";
  return text.split("\n").filter((line) => line.startsWith("| `")).flatMap((line) =>
    [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code)
  );
}

function test(name: string, fn: () => Promise<void> | void): void {
  Deno.test({ name, ignore, fn });
}

/** Sends what a `curl` of the README sends. */
async function curl(command: string): Promise<Response> {
  await using server = await createTestServer(sample);
  const [, body = ""] = /-d '([^]*?)'/.exec(command) ?? [];
  const token = command.includes("Authorization") && await server.accessToken({ person: "Ada" });
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  return await server.fetch(new Request(server.resource, { method: "POST", headers, body }));
}

test("the curl commands of the README are answered as it quotes", async () => {
  const [search = "", orders = "", signedIn = ""] = blocks("sh").filter((code) => code.includes("curl -s"));
  const [quoted = ""] = blocks("json");
  assert.deepEqual(await (await curl(search)).json(), JSON.parse(quoted));

  const [head = "", body = ""] = blocks("http")[0]?.split("\n\n") ?? [];
  const refused = await curl(orders);
  const [status, ...lines] = head.split("\n");
  assert.equal(status, `HTTP/1.1 ${refused.status} Unauthorized`);
  const expected = lines.map((line) => line.toLowerCase().split(": ") as [string, string]);
  for (const [name, value] of expected) {
    // Written by whoever sends it.
    if (name === "date" || name === "content-length") continue;
    assert.equal(refused.headers.get(name)?.toLowerCase(), value, name);
  }
  assert.equal(await refused.text(), body.trim());

  const { result } = await (await curl(signedIn)).json();
  assert.equal(result.structuredContent.orders.length, 1);
});

test("the README's list of problems is what such a configuration gets", () => {
  const quoted = blocks("text").find((text) => text.startsWith("The configuration"));
  const env = { PORT: "x", AUTHORIZATION_SERVER_URL: "http://auth.example.com" };
  assert.throws(() => loadConfig(env, { isTerminal: false }, sample.env), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.message, quoted?.trim());
    return true;
  });
});

test("the README names every task once, and no other", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const own = Object.entries<{ description?: string }>(tasks).filter(([, task]) => task.description);
  const named = codeOfRows("Commands").flatMap((code) => /^deno task ([\w:]+)/.exec(code)?.[1] ?? []);
  assert.deepEqual(named.toSorted(), [...new Set(named)].sort());
  assert.deepEqual(own.map(([name]) => name).filter((name) => !named.includes(name)), []);
  for (const [, name = ""] of readme.matchAll(/deno task (?:--quiet )?([\w:]+)/g)) {
    assert.ok(tasks[name], `deno task ${name}`);
  }
});

test("the README explains every environment variable, and no other", () => {
  const known = variableNames(sample.env).filter((name) => !/^DENO_DEPLOY|^PG/.test(name));
  const named = codeOfRows("Use your own authorization server");
  assert.deepEqual(named.toSorted(), known.toSorted());
});

test("every link of the README leads to a file or a heading that exists", async () => {
  const headings = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title.toLowerCase().replace(/[^\w -]/g, "").replaceAll(" ", "-")
  );
  for (const [, target = ""] of readme.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (target.startsWith("#")) assert.ok(headings.includes(target.slice(1)), target);
    else if (!target.startsWith("https://")) await Deno.stat(new URL(target, root));
  }
});

test("the way of a request names at most twelve files", () => {
  const way = readme.split("\n## How a request travels\n")[1]?.split("\n## ")[0] ?? "";
  const files = [...way.matchAll(/^\d+\. \[`([^`]+)`\]/gm)];
  assert.ok(files.length > 8 && files.length <= 12, `${files.length} files`);
});

test("no recipe of the README has more than 25 lines (issue 10)", () => {
  const recipes = readme.split("\n## Recipes\n")[1]?.split("\n## ")[0] ?? "";
  const lines = [...recipes.matchAll(/^```tsx?\n([^]*?)\n```/gm)].map(([, code = ""]) => code.split("\n"));
  assert.ok(lines.length >= 8);
  assert.deepEqual(lines.filter(({ length }) => length > 25).map(([first]) => first), []);
});

/** Runs a block beside the README, from where its paths lead, with code of ours behind it. */
async function evaluate<T>(code: string, extension = "ts"): Promise<T> {
  const file = new URL(`readme-${crypto.randomUUID()}.tmp.${extension}`, root);
  await Deno.writeTextFile(file, code);
  try {
    return await import(file.href);
  } finally {
    await Deno.remove(file);
  }
}

/** An app of whatever a recipe exports. */
async function appOf(
  word: string,
  open: (recipe: Record<string, unknown>) => object,
): Promise<AppDefinition> {
  const code = blocks("ts").find((block) => block.includes(word));
  assert.ok(code, word);
  const recipe = await evaluate<Record<string, unknown>>(code);
  return {
    ...{ name: "recipe", title: "Recipe", version: "1.0.0", instructions: "For tests." },
    scopes: Object.fromEntries(
      ["notes:read", "notes:write", "contacts:read", "orders:read", "loans:read"].map((
        scope,
      ) => [scope, `Use ${scope}`]),
    ),
    open: () => ({ tools: [], ...open(recipe) }),
  };
}

/** What a recipe exports under a name, given what it needs. */
function made(recipe: Record<string, unknown>, name: string, given: unknown): never {
  return (recipe[name] as (given: unknown) => never)(given);
}

/** The result of a request in the form of 2026-07-28. */
async function resultOf(
  server: TestServer,
  method: string,
  params: Record<string, unknown>,
  options: { readonly token?: string; readonly meta?: Record<string, unknown> } = {},
) {
  const request = rpc("modern", method, params, options);
  return (await (await server.fetch(new Request(server.resource, request))).json()).result;
}

test("the recipe for who asks reads the limit from the token, and the rest from hints that may be missing", async () => {
  const app = await appOf("loan_limit", ({ loanLimit }) => ({ tools: [loanLimit] }));
  await using server = await createTestServer(app);
  const call = { name: "loan_limit", arguments: {} };
  const token = await server.accessToken({ claims: { loan_limit: 1_500 } });
  const meta = {
    "openai/locale": "de-DE",
    "openai/userLocation": { city: "Köln" },
    "io.modelcontextprotocol/clientInfo": { name: "a host", version: "1" },
    loan_limit: 9_999,
  };
  const records = await logged(async () => {
    const { content } = await resultOf(server, "tools/call", call, { token, meta });
    assert.equal(content[0].text, "You may borrow 1.500 books in Köln.");
  });
  const asked = records.find(({ properties }) => properties["client"] === "a host");
  assert.equal(asked?.properties["tool"], "loan_limit");

  const bare = await resultOf(server, "tools/call", call, { token: await server.accessToken() });
  assert.deepEqual(bare.structuredContent, { books: "20", city: "town" });
  assert.equal((await server.callTool("loan_limit")).status, 401);
});

test("the recipe for progress imports for its caller, and for nobody without the scope", async () => {
  const saved: string[] = [];
  const save = (owner: string, title: string) => Promise.resolve(void saved.push(`${owner}: ${title}`));
  const app = await appOf("import_notes", (recipe) => ({ tools: [made(recipe, "importNotes", save)] }));
  await using server = await createTestServer(app);
  const args = { titles: ["one", "two"] };
  const reader = await server.accessToken({ scopes: ["orders:read"] });
  assert.equal((await server.callTool("import_notes", args)).status, 401);
  assert.equal((await server.callTool("import_notes", args, { token: reader })).status, 403);
  const { result } = await server.callTool("import_notes", args, { token: await server.accessToken() });
  assert.deepEqual(result.structuredContent, { imported: 2 });
  assert.deepEqual(saved, ["ada: one", "ada: two"]);
});

test("the recipe for a question deletes nothing before it is answered", async () => {
  const deleted: string[] = [];
  const deleteAll = (owner: string) => Promise.resolve(deleted.push(owner));
  const app = await appOf("delete_notes", (recipe) => ({ tools: [made(recipe, "deleteNotes", deleteAll)] }));
  await using server = await createTestServer(app);
  const token = await server.accessToken();
  assert.equal((await server.callTool("delete_notes")).status, 401);
  const asked = await server.callTool("delete_notes", {}, { token });
  assert.equal(asked.result.isError, true);
  assert.match(asked.result.content?.[0]?.text ?? "", /Delete all your notes\?/);
  assert.deepEqual(deleted, []);
  const { result } = await server.callTool("delete_notes", { confirmed: true }, { token });
  assert.deepEqual(result.structuredContent, { deleted: 1 });
});

test("the recipe that asks for anything else greets by the name that was answered", async () => {
  const app = await appOf("requestInput({", ({ greet }) => ({ tools: [greet] }));
  await using server = await createTestServer(app);
  const meta = { "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } } };
  const call = (answer: Record<string, unknown>) =>
    resultOf(server, "tools/call", { name: "greet", arguments: {}, ...answer }, { meta });
  const { requestState, inputRequests } = await call({});
  assert.equal(inputRequests.who.params.message, "What is your name?");
  assert.deepEqual(inputRequests.who.params.requestedSchema.required, ["name"]);
  const inputResponses = { who: { action: "accept", content: { name: "Ada" } } };
  assert.deepEqual((await call({ requestState, inputResponses })).structuredContent, { name: "Ada" });
  const declined = await call({ requestState, inputResponses: { who: { action: "decline" } } });
  assert.match(declined.content[0].text, /rather not say/);
});

test("the recipe for more than text answers with a picture, a sound, a file and a link", async () => {
  const [photo, song, sheet] = [1, 2, 3].map((byte) => Uint8Array.of(byte));
  const app = await appOf(
    "show_bird",
    (recipe) => ({ tools: [made(recipe, "showBird", { photo, song, sheet })] }),
  );
  await using server = await createTestServer(app);
  const { content } = await resultOf(server, "tools/call", { name: "show_bird", arguments: {} });
  assert.deepEqual(content.slice(1, -1), [
    { type: "image", data: "AQ==", mimeType: "image/jpeg" },
    { type: "audio", data: "Ag==", mimeType: "audio/wav" },
    { type: "resource", resource: { uri: "bird://robin", mimeType: "application/pdf", blob: "Aw==" } },
    { type: "resource_link", uri: "bird://robin/map", name: "map", title: "Where robins live" },
  ]);
});

test("the recipe for a widget's own tool is kept from the model by hosts, and from strangers by its access", async () => {
  const list = (owner: string, after: string) => Promise.resolve([`${owner}'s note after ${after}`]);
  const app = await appOf("more_notes", (recipe) => ({ tools: [made(recipe, "moreNotes", list)] }));
  await using server = await createTestServer(app);
  const { tools: [listed] } = await resultOf(server, "tools/list", {});
  assert.deepEqual(listed._meta.ui.visibility, ["app"]);
  const args = { after: "milk" };
  assert.equal((await server.callTool("more_notes", args)).status, 401);
  const reader = await server.accessToken({ scopes: ["orders:read"] });
  assert.equal((await server.callTool("more_notes", args, { token: reader })).status, 403);
  const { result } = await server.callTool("more_notes", args, { token: await server.accessToken() });
  assert.deepEqual(result.structuredContent, { titles: ["ada's note after milk"] });
});

test("the recipe for what a widget needs tells hosts its origins, its domain, its permissions and its modes", async () => {
  const app = await appOf("permissions:", ({ map }) => {
    const widget = map as Widget;
    return { tools: [{ ...tool("show_map", () => ({ data: { answer: "" }, text: "" })), widget }] };
  });
  const env = { WIDGET_DOMAIN: "https://apps.example.com" };
  await using server = await createTestServer(app, { env });
  const { resources: [{ uri }] } = await resultOf(server, "resources/list", {});
  const { contents: [{ _meta: meta, text }] } = await resultOf(server, "resources/read", { uri });
  assert.deepEqual(meta.ui, {
    csp: {
      connectDomains: ["https://api.example.com"],
      resourceDomains: ["https://tiles.example.com"],
      frameDomains: ["https://video.example.com"],
      baseUriDomains: [],
    },
    domain: "https://map.example.com",
    permissions: { geolocation: {}, clipboardWrite: {} },
    prefersBorder: true,
  });
  assert.deepEqual(meta["openai/widgetCSP"].redirect_domains, ["https://maps.example.com"]);
  assert.match(text, /<html data-display-modes="inline fullscreen pip"/);
});

test("the recipe that keeps data gives each person theirs", async () => {
  const code = blocks("ts").find((block) => block.includes("openNotes("));
  assert.ok(code);
  type Store = AsyncDisposable & {
    add(person: object, title: string): Promise<unknown>;
    list(person: object): Promise<readonly { readonly title: string }[]>;
    ready(): Promise<void>;
  };
  const { openNotes } = await evaluate<{ openNotes(deps: object): Promise<Store> }>(code);
  const storage = { sqlite: ":memory:", now: Date.now, onFailure: (cause: string) => assert.fail(cause) };
  await using notes = await openNotes({ storage });
  const [ada, grace] = ["ada", "grace"].map((subject) => ({ issuer: "https://issuer.example", subject }));
  await notes.add(ada!, "Buy milk");
  assert.deepEqual((await notes.list(ada!)).map(({ title }) => title), ["Buy milk"]);
  assert.deepEqual(await notes.list(grace!), []);
  await notes.ready();
});

test("the tool with mixed access greets strangers, and people by name", async () => {
  const app = await appOf('name: "hello"', ({ hello }) => ({ tools: [hello] }));
  await using server = await createTestServer(app);
  const token = await server.accessToken();
  const greeted = [await server.callTool("hello"), await server.callTool("hello", {}, { token })];
  assert.deepEqual(greeted.map(({ result }) => result.structuredContent?.["greeting"]), [
    "Hello, stranger. Sign in to be greeted by name.",
    "Hello, ada.",
  ]);
});

test("the recipe for another API asks it with a token of its own", async () => {
  const asked: string[] = [];
  const contacts: typeof globalThis.fetch = (input, init) => {
    asked.push(new Headers(init?.headers).get("authorization") ?? String(input));
    return Promise.resolve(Response.json({ names: ["Grace"] }));
  };
  const app = await appOf("my_contacts", (recipe) => ({ tools: [made(recipe, "myContacts", contacts)] }));
  await using server = await createTestServer(app);
  assert.equal((await server.callTool("my_contacts")).status, 401);
  const token = await server.accessToken();
  const { result } = await server.callTool("my_contacts", {}, { token });
  assert.deepEqual(result.structuredContent, { names: ["Grace"] });
  assert.equal(asked.length, 1);
  assert.notEqual(asked[0], `Bearer ${token}`);
});

test("the recipe for resources and prompts gives a person their own, and nobody a stranger's", async () => {
  const resources = await appOf("defineResource", ({ receipt }) => ({ resources: [receipt] }));
  const prompts = await appOf("definePrompt", ({ planParty }) => ({ prompts: [planParty] }));
  const open: AppDefinition["open"] = async (deps) => ({
    ...await resources.open(deps),
    ...await prompts.open(deps),
  });
  await using server = await createTestServer({ ...resources, open });
  const send = async (method: string, params: unknown, person?: string) => {
    const token = person && await server.accessToken({ person });
    const headers = {
      "content-type": "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    return await (await server.fetch(new Request(server.resource, { method: "POST", headers, body }))).text();
  };
  const read = { uri: "receipts://7" };
  assert.match(await send("resources/read", read, "Ada"), /2 clam pizzas/);
  for (const person of ["Grace", undefined]) {
    assert.doesNotMatch(await send("resources/read", read, person), /clam/);
  }
  const prompt = { name: "plan_party", arguments: { topping: "clam" } };
  assert.match(await send("prompts/get", prompt), /Find places with clam pizza/);
  const typed = {
    ref: { type: "ref/prompt", name: "plan_party" },
    argument: { name: "topping", value: "pep" },
  };
  assert.match(await send("completion/complete", typed), /"values":\["pepperoni"\]/);
});

test("the recipe for a widget is built to a page", async () => {
  const code = blocks("tsx").find((block) => block.includes("useOpenLink"));
  assert.ok(code);
  const folder = new URL(`readme-${crypto.randomUUID()}.tmp/`, root);
  await Deno.mkdir(folder);
  try {
    await Deno.writeTextFile(new URL("map.tsx", folder), code);
    await Deno.writeTextFile(new URL("theme.css", folder), "");
    const target = new URL("widgets.gen.ts", folder);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--check",
        "src/dev/widgets/widgets.ts",
        fileURLToPath(folder),
        fileURLToPath(target),
      ],
      cwd: root,
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    assert.match(await Deno.readTextFile(target), /Full screen/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
