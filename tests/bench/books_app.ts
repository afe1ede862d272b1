import { z } from "zod";
import { anyone, defineApp, defineTool, defineWidget, mixed, signedIn } from "../../src/mod.ts";
import { loans, READ_ONLY, SCOPE, search, unused, WIDGET } from "./library.js";

const widget = defineWidget({
  page: { name: "loans", hash: "0123456789ab", html: WIDGET.html },
  title: "Loans",
  description: "The person's loans as a list.",
});

const shared = { invoking: "Looking", invoked: "Looked", annotations: READ_ONLY };

/** The benchmark's app: the same two tools as those of the servers that it is compared with. @param count Of tools that nobody calls. */
export function booksApp(count: number) {
  return defineApp({
    ...{ name: "books", title: "Books", version: "1.0.0", instructions: "Search with search_books." },
    scopes: { [SCOPE]: "See your loans" },
    open: () => ({ tools: [searchBooks, listLoans, ...unused(count).map(({ name }) => unusedTool(name))] }),
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
