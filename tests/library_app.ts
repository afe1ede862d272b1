import { z } from "zod";
import {
  anyone,
  defineApp,
  definePrompt,
  defineResource,
  defineTool,
  mixed,
  signedIn,
  ToolError,
} from "../src/mod.ts";

/** Titles in `library://books/{id}`. */
const BOOKS = new Map([["1", "Emma"], ["2", "Ulysses"], ["a/b", "Slashes"]]);
const TOPICS = ["poetry", "politics", "portraits", "zoology"];
const MANY = Array.from({ length: 250 }, (_, index) => `page ${index}`);

/** An app with resources and prompts of each access level; `reads` counts, and tells one reading from the next. */
export function libraryApp() {
  let reads = 0;
  const resources = [
    defineResource({
      ...{ name: "hours", title: "Opening hours", description: "When we are open.", access: anyone() },
      uri: "library://hours",
      mimeType: "text/plain",
      read: async ({ caller }) => await Promise.resolve({ text: `reading ${++reads} by ${caller}` }),
    }),
    defineResource({
      ...{ name: "plan", title: "Plan", description: "Where things are.", access: anyone() },
      uri: "library://plan",
      mimeType: "image/png",
      read: ({ uri }) => [
        { blob: Uint8Array.of(1, 2, 255) },
        { uri: `${uri}#words`, mimeType: "text/plain", text: "First floor" },
      ],
    }),
    defineResource({
      ...{ name: "book", title: "Books", description: "A book by its number.", access: anyone() },
      uriTemplate: "library://books/{id}",
      mimeType: "text/plain",
      read({ params: { id } }) {
        const text = BOOKS.get(id);
        return text === undefined ? undefined : { text };
      },
    }),
    defineResource({
      ...{ name: "search", title: "Search", description: "Finds books.", access: mixed("notes:read") },
      uriTemplate: "library://search/{shelf}{?q}",
      complete: { q: (value, { caller }) => [`${value} for ${caller?.subject}`] },
      read: ({ params: { shelf, q }, caller }) => ({ text: `${shelf} ${q} for ${caller?.subject}` }),
    }),
    defineResource({
      ...{
        name: "loans",
        title: "Your loans",
        description: "What you have.",
        access: signedIn("notes:read"),
      },
      uri: "library://loans",
      read: async ({ caller }) => {
        await Promise.resolve();
        return { text: `loans of ${caller.issuer} ${caller.subject}` };
      },
    }),
    defineResource({
      ...{ name: "letter", title: "Letters", description: "A letter.", access: signedIn("notes:read") },
      uriTemplate: "library://letters/{year}/{id}",
      complete: {
        year: () => ["2025", "2026"],
        id: (value, { arguments: { year }, caller }) => [`${caller.subject} ${year} ${value}`],
      },
      read({ params: { year, id } }) {
        if (year === "1999") throw new ToolError("Letters of 1999 are being bound; ask in May.");
        throw new Error(`cannot open /srv/letters/${id}`);
      },
    }),
  ];
  const prompts = [
    definePrompt({
      ...{ name: "summarize", title: "Summarize", description: "A summary.", access: anyone() },
      arguments: z.strictObject({
        topic: z.string().min(1).max(50).describe("What it is about"),
        tone: z.enum(["dry", "warm"]).optional(),
      }),
      complete: {
        topic(value, { arguments: { tone } }) {
          if (value === "boom") throw new Error("cannot open /srv/secret");
          return tone === "dry" ? MANY : TOPICS.filter((topic) => topic.startsWith(value));
        },
      },
      get: ({ topic, tone = "warm" }, { caller }) => `Summarize ${topic}, ${tone}, for ${caller}.`,
    }),
    definePrompt({
      ...{
        name: "review",
        title: "Review your loans",
        description: "A review.",
        access: signedIn("notes:read"),
      },
      arguments: z.object({ loan: z.string().default("all") }),
      complete: { loan: (value, { caller }) => [`${caller.subject} ${value}`] },
      get: ({ loan }, { caller }) => [
        {
          role: "user",
          content: {
            type: "resource",
            resource: { uri: "library://loans", text: `loans of ${caller.subject}` },
          },
        },
        { role: "assistant", content: { type: "image", data: Uint8Array.of(7), mimeType: "image/png" } },
        { role: "user", content: { type: "text", text: `Review ${loan}.` } },
      ],
    }),
    definePrompt({
      ...{ name: "broken", title: "Broken", description: "Fails.", access: anyone() },
      complete: {},
      get() {
        throw new Error("cannot open /srv/secret");
      },
    }),
    // The same name as that of an open tool.
    definePrompt({
      ...{ name: "hello", title: "Hello", description: "Greets.", access: signedIn("notes:write") },
      get: (_, { caller }) => `Hello ${caller.subject}`,
    }),
  ];
  const hello = defineTool({
    ...{ name: "hello", title: "Hello", description: "Greets.", access: anyone() },
    ...{ input: z.strictObject({}), output: z.object({}), invoking: "Greeting", invoked: "Greeted" },
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
    run: () => ({ data: {}, text: "Hello" }),
  });
  return defineApp({
    ...{ name: "library", title: "Library", version: "1.0.0", instructions: "For tests." },
    scopes: { "notes:read": "See your loans", "notes:write": "Change your loans" },
    open: () => ({ tools: [hello], resources, prompts }),
  });
}
