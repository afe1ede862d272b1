import { rpc, toolCall } from "../app/support.ts";

/** Who is asked. */
export type Side = "ours" | "sdk" | "floor";

/** What is measured: one request, and what its answer has to be. */
export interface Question {
  readonly name: string;
  readonly request: () => Request;
  /** Who is asked, and with which status each answers. */
  readonly status: Readonly<Partial<Record<Side, number>>>;
  /** The part of the result that has to be the same from us and from the SDK. */
  readonly essence: (result: Result) => unknown;
  /** Our answers per second over the SDK's are promised to be at least this. */
  readonly target?: number;
}

/** The members of results that are compared. */
export interface Result {
  readonly isError?: boolean;
  readonly structuredContent?: { readonly orders?: readonly Record<string, unknown>[] };
  readonly tools?: readonly { readonly name: string }[];
  readonly contents?: readonly { readonly text: string }[];
}

/** The questions, each a request as a client sends it; `token` is one that both servers accept. */
export function questions(token: string): readonly Question[] {
  return [
    {
      name: "search, anonymous",
      request: () => toolCall("legacy", "search_pizza_sf"),
      status: { ours: 200, sdk: 200, floor: 200 },
      essence: ({ structuredContent }) => structuredContent,
      target: 2,
    },
    {
      name: "search, anonymous, 2026-07-28",
      request: () => toolCall("modern", "search_pizza_sf"),
      status: { ours: 200, sdk: 200 },
      essence: ({ structuredContent }) => structuredContent,
      target: 2,
    },
    {
      name: "past orders, same token",
      request: () => toolCall("legacy", "see_past_orders", {}, { token }),
      status: { ours: 200, sdk: 200 },
      // Ids are random, and the times depend on when each store first saw the person.
      essence: ({ structuredContent }) =>
        structuredContent?.orders?.map(({ orderId: _, placedAt: __, ...order }) => order),
      target: 3,
    },
    {
      name: "past orders, denied",
      request: () => toolCall("legacy", "see_past_orders"),
      // The SDK's documentation has no challenge for one tool of several: there the tool itself says no.
      status: { ours: 401, sdk: 200 },
      essence: ({ isError }) => isError,
    },
    {
      name: "tools/list",
      request: () => rpc("legacy", "tools/list"),
      status: { ours: 200, sdk: 200 },
      essence: ({ tools }) => tools?.map(({ name }) => name),
    },
    {
      name: "widget",
      request: () => rpc("legacy", "resources/read", { uri: "ui://widget/mixed-auth-search.html" }),
      status: { ours: 200, sdk: 200 },
      essence: ({ contents }) => contents?.map(({ text }) => text),
    },
  ];
}

/**
 * Asks once, and gives back the result: of a JSON answer, or of an event stream with one message.
 *
 * @throws Error when the answer holds no result.
 */
export async function ask(port: number, { name, request }: Question): Promise<Result> {
  const { headers, body } = request();
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, { method: "POST", headers, body });
  const text = await response.text();
  const { result, error } = JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? text);
  if (result === undefined) throw new Error(`"${name}" got no result, but ${JSON.stringify(error)}`);
  return result;
}
