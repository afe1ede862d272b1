import { z } from "zod";
import {
  anyone,
  defineApp,
  definePrompt,
  defineResource,
  defineTool,
  defineWidget,
  mixed,
  signedIn,
} from "../../src/mod.ts";
import { loans, READ_ONLY, SCOPE, search, unused, WIDGET } from "./library.js";

const widget = defineWidget({
  page: { name: "loans", hash: "0123456789ab", html: WIDGET.html },
  title: "Loans",
  description: "The person's loans as a list.",
});

const shared = { invoking: "Looking", invoked: "Looked", annotations: READ_ONLY };

/** The benchmark's app: the same two tools as those of the servers that it is compared with. @param count Of tools that nobody calls. @param more Whether it uses everything that an app can have. */
export function booksApp(count: number, more: boolean) {
  return defineApp({
    ...{ name: "books", title: "Books", version: "1.0.0", instructions: "Search with search_books." },
    scopes: { [SCOPE]: "See your loans" },
    open() {
      const tools = [searchBooks, listLoans, ...unused(count).map(({ name }) => unusedTool(name))];
      return more
        ? {
          tools: [...tools, renewLoan],
          resources: [book],
          prompts: [review],
          ready: () => Promise.resolve(),
        }
        : { tools };
    },
  });
}

const searchBooks = defineTool({
  ...shared,
  name: search.name,
  title: search.title,
  description: search.description,
  access: mixed(SCOPE),
  input: z.strictObject(search.input),
  output: z.object(search.output),
  run({ query }, { caller }) {
    const data = search.run(query, caller?.subject);
    return { data, text: `${data.books.length} books.` };
  },
});

const listLoans = defineTool({
  ...shared,
  name: loans.name,
  title: loans.title,
  description: loans.description,
  access: signedIn(SCOPE),
  widget,
  input: z.strictObject(loans.input),
  output: z.object(loans.output),
  run({ limit }, { caller }) {
    const data = loans.run(limit, caller.subject);
    return { data, text: `${data.loans.length} loans.` };
  },
});

const renewLoan = defineTool({
  ...shared,
  name: "renew_loan",
  title: "Renew a loan",
  description: "Renews a loan after the person has agreed.",
  access: signedIn(SCOPE),
  annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
  progress: true,
  timeLimitMs: 60_000,
  input: z.strictObject({ loan: z.string() }),
  output: z.object({ loan: z.string() }),
  async run({ loan }, { confirm, progress }) {
    await confirm(`Renew ${loan}?`);
    progress(1, 2, "Renewing");
    return {
      data: { loan },
      text: "Renewed.",
      content: [{ type: "resource_link", uri: "books://1", name: "1" }],
    };
  },
});

const book = defineResource({
  ...{ name: "book", title: "Book", description: "A book by its number.", access: anyone() },
  uriTemplate: "books://{id}",
  mimeType: "text/plain",
  complete: { id: () => ["1", "2"] },
  read: ({ params: { id } }) => ({ text: `Book ${id}` }),
});

const review = definePrompt({
  ...{ name: "review", title: "Review your loans", description: "A review.", access: signedIn(SCOPE) },
  arguments: z.object({ tone: z.enum(["dry", "warm"]) }),
  get: ({ tone }) => `Review my loans, ${tone}.`,
});

function unusedTool(name: string) {
  return defineTool({
    ...shared,
    name,
    title: search.title,
    description: search.description,
    access: anyone(),
    input: z.strictObject(search.input),
    output: z.object(search.output),
    run: ({ query }) => ({ data: search.run(query, undefined), text: "Books." }),
  });
}
