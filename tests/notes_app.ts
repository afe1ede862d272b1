import { z } from "zod";
import { defineApp, defineTool, defineWidget, mixed, signedIn, ToolError } from "../src/mod.ts";
import { type Database, openStorage, type Schema } from "../src/storage/mod.ts";

/** Everybody's. */
const PUBLIC_NOTES = ["Opening hours", "House rules", "Where to park"];

const SCHEMA: Schema = {
  name: "notes",
  sqlite: [
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL) STRICT;",
  ],
  postgres: [
    "CREATE TABLE notes (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner text NOT NULL, title text NOT NULL);",
  ],
};

const Note = z.object({ id: z.string(), title: z.string() });

/**
 * A page that takes part in the protocol of MCP Apps. It shows the titles of the notes in a result, copies a note by
 * `add_note`, and asks in the chat for what needs a sign-in.
 */
const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Notes</title>
<style>body { margin: 0; overflow-wrap: anywhere } button { min-height: 44px }</style></head>
<body><main><h1>Notes</h1><p>Waiting</p></main><script>
const main = document.querySelector("main");
const waiting = new Map();
const post = (message) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
function ask(method, params) {
  const id = waiting.size + 1;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    post({ id, method, params });
  });
}
const element = (name, textContent) => Object.assign(document.createElement(name), { textContent });
function button(label, act) {
  const made = element("button", label);
  made.onclick = async () => made.replaceWith(element("span", await act()));
  return made;
}
function show({ notes = [], signedIn = true }) {
  const list = element("ul", "");
  for (const { title } of notes) {
    const item = element("li", title + " ");
    item.append(button("Copy", async () => {
      const copied = await ask("tools/call", { name: "add_note", arguments: { title } });
      return copied && !copied.isError ? "Copied" : "Not copied";
    }));
    list.append(item);
  }
  main.replaceChildren(element("h1", "Notes"), notes.length > 0 ? list : element("p", "No notes"));
  if (signedIn) return;
  main.append(button("Sign in to find your own", async () => {
    await ask("ui/message", { role: "user", content: [{ type: "text", text: "Please sign me in and list my notes." }] });
    return "Asked in the chat.";
  }));
}
function take({ theme, locale }) {
  if (theme) document.documentElement.style.colorScheme = theme;
  if (locale) document.documentElement.lang = locale;
}
addEventListener("message", ({ data: { id, method, params, result } }) => {
  if (method === undefined) waiting.get(id)?.(result);
  if (method === "ui/resource-teardown") post({ id, result: {} });
  if (method === "ui/notifications/host-context-changed") take(params);
  if (method === "ui/notifications/tool-result") show(params.structuredContent ?? {});
});
ask("ui/initialize", {
  protocolVersion: "2026-01-26", appInfo: { name: "notes", version: "1.0.0" }, appCapabilities: {},
}).then(({ hostContext }) => {
  take(hostContext ?? {});
  post({ method: "ui/notifications/initialized", params: {} });
  new ResizeObserver(() => {
    const { width, height } = document.documentElement.getBoundingClientRect();
    post({ method: "ui/notifications/size-changed", params: { width, height: Math.ceil(height) } });
  }).observe(document.documentElement);
});
</script></body></html>`;

const found = defineWidget({
  page: { name: "found-notes", hash: "0123456789ab", html: PAGE },
  title: "Notes that were found",
  description: "The notes that were found, as a list.",
});

const own = defineWidget({
  page: { name: "own-notes", hash: "cdef01234567", html: PAGE },
  title: "Your notes",
  description: "The person's notes as a list.",
});

/** Who owns a note: a subject is unique within its issuer only. */
const ownerOf = ({ issuer, subject }: { issuer: string; subject: string }) => `${issuer} ${subject}`;

/**
 * What the core's own tests run on where the starter is too small: a tool of each access level, two of them with a
 * widget, one that writes, and data that outlives the process.
 */
export default defineApp({
  name: "notes",
  title: "Notes",
  version: "1.0.0",
  instructions:
    "Find notes with search_notes, which works for everyone; list_notes shows the person's own, add_note adds one.",
  scopes: { "notes:read": "See your notes", "notes:write": "Add notes for you" },
  env: { NOTES_LIMIT: z.coerce.number("write a number").int().min(1).default(1_000) },
  playground: { prompts: ["Search notes for rules", "List my notes"] },
  async open({ env, storage }) {
    const database = await openStorage({
      ...storage,
      sqlite: storage.sqlite ?? ":memory:",
      schema: SCHEMA,
      outage: () => new ToolError("Notes cannot be reached right now. Try again in a moment."),
    });
    return {
      tools: [searchNotes(database), listNotes(database), addNote(database, env.NOTES_LIMIT)],
      ready: () => database.check(),
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    };
  },
});

type Row = { readonly id: number; readonly title: string };
const toNote = ({ id, title }: Row) => ({ id: String(id), title });

function searchNotes(database: Database) {
  return defineTool({
    name: "search_notes",
    title: "Search notes",
    description:
      "Finds notes by a word of their title. Works for everyone; signed-in people find their own, too.",
    access: mixed("notes:read"),
    widget: found,
    input: z.strictObject({ query: z.string().max(100).default("") }),
    output: z.object({ query: z.string(), notes: z.array(Note), signedIn: z.boolean() }),
    invoking: "Searching notes",
    invoked: "Searched notes",
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
    async run({ query }, { caller }) {
      const own = caller
        ? await database.query<Row>("SELECT id, title FROM notes WHERE owner = $1 ORDER BY id", [
          ownerOf(caller),
        ])
        : [];
      const everybodys = PUBLIC_NOTES.map((title, index) => ({ id: `public-${index}`, title }));
      const notes = [...own.map(toNote), ...everybodys]
        .filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()));
      const text = `${notes.length} notes with "${query}": ${notes.map(({ title }) => title).join(", ")}`;
      return { data: { query, notes, signedIn: caller !== undefined }, text };
    },
  });
}

function listNotes(database: Database) {
  return defineTool({
    name: "list_notes",
    title: "Your notes",
    description: "Lists the notes of the signed-in person, the oldest first.",
    access: signedIn("notes:read"),
    widget: own,
    input: z.strictObject({ limit: z.int().min(1).max(100).default(20) }),
    output: z.object({ notes: z.array(Note) }),
    invoking: "Listing your notes",
    invoked: "Listed your notes",
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
    async run({ limit }, { caller }) {
      const sql = "SELECT id, title FROM notes WHERE owner = $1 ORDER BY id LIMIT $2";
      const notes = (await database.query<Row>(sql, [ownerOf(caller), limit])).map(toNote);
      const text = notes.length > 0
        ? `The notes:\n${notes.map(({ title }) => title).join("\n")}`
        : "There are no notes yet. Add one first.";
      return { data: { notes }, text };
    },
  });
}

function addNote(database: Database, most: number) {
  return defineTool({
    name: "add_note",
    title: "Add a note",
    description: "Adds a note for the signed-in person.",
    access: signedIn("notes:write"),
    input: z.strictObject({ title: z.string().min(1).max(200) }),
    output: z.object({ note: Note }),
    invoking: "Adding a note",
    invoked: "Added a note",
    annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
    async run({ title }, { caller }) {
      const owner = ownerOf(caller);
      const note = await database.transaction(function* (query) {
        const [{ count } = { count: 0 }] = yield* query<{ count: number }>(
          "SELECT count(*) AS count FROM notes WHERE owner = $1",
          [owner],
        );
        if (Number(count) >= most) throw new ToolError(`You have ${most} notes already: delete one first.`);
        const [row] = yield* query<Row>(
          "INSERT INTO notes (owner, title) VALUES ($1, $2) RETURNING id, title",
          [owner, title],
        );
        return toNote(row!);
      });
      return { data: { note }, text: `Added "${title}" to your notes.` };
    },
  });
}
