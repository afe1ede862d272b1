/** What the two tools of every server in the benchmark work on, and the widget of one of them. */
import { z } from "zod";

/** Everybody's. */
const BOOKS = Array.from({ length: 12 }, (_, index) => ({
  title: `The ${["Silent", "Open", "Last", "Northern"][index % 4]} ${
    ["River", "Letter", "House"][index % 3]
  }`,
  author: `Author ${index}`,
  subjects: ["fiction", "history", "travel", "science"].slice(index % 3),
  rating: 3 + index % 20 / 10,
  price: "$".repeat(1 + index % 3),
  blurb: "A story about people who meet again after many years, told from both of their sides.",
}));

const WIDGET_URI = "ui://widget/loans.0123456789ab.html";
export const WIDGET = {
  uri: WIDGET_URI,
  mimeType: "text/html;profile=mcp-app",
  /** As long as a small bundled page. */
  html: `<!doctype html><title>Loans</title><script>${"// A line of code.\n".repeat(1_500)}</script>`,
};

export const READ_ONLY = { readOnlyHint: true, destructiveHint: false, openWorldHint: false };

const Book = z.object({
  title: z.string(),
  author: z.string(),
  subjects: z.array(z.string()),
  rating: z.number(),
  price: z.string(),
  blurb: z.string(),
});
const Loan = z.object({ id: z.string(), title: z.string(), due: z.string(), status: z.string() });

/** For anyone; the signed-in are recognised. */
export const search = {
  name: "search_books",
  title: "Search books",
  description: "Finds books by a word of their title. Works for everyone.",
  input: { query: z.string().max(200).optional() },
  output: { query: z.string(), books: z.array(Book), signedIn: z.boolean() },
  /** @param {string | undefined} query @param {string | undefined} subject */
  run: (query = "", subject) => ({
    query,
    books: BOOKS.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase())),
    signedIn: subject !== undefined,
  }),
};

/** For the signed-in. */
export const loans = {
  name: "list_loans",
  title: "Your loans",
  description: "Lists the books that the signed-in person has borrowed.",
  input: { limit: z.int().min(1).max(20).optional() },
  output: { loans: z.array(Loan) },
  /** @param {number | undefined} limit @param {string} subject */
  run: (limit = 20, subject) => ({
    loans: Array.from({ length: limit }, (_, index) => ({
      id: `${subject}-${index}`,
      title: BOOKS[index % BOOKS.length].title,
      due: `2026-12-${10 + index}`,
      status: index % 5 === 0 ? "overdue" : "lent",
    })),
  }),
};

export const SCOPE = "loans:read";
export const SIGN_IN = "Sign in to see your loans.";

/** Tools that nobody calls, to see what their number costs. @param {number} count */
export function unused(count) {
  return Array.from({ length: count }, (_, index) => ({ ...search, name: `unused_${index}` }));
}

/** The result of a tool in the words of the protocol. @param {Record<string, unknown>} structuredContent */
export function resultOf(structuredContent) {
  return {
    content: [{ type: /** @type {const} */ ("text"), text: JSON.stringify(structuredContent) }],
    structuredContent,
  };
}
