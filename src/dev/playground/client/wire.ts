import { maskBody, maskHeader, maskUrl } from "./mask.ts";
import type { Store } from "./store.ts";

/** One request and its answer, with every secret hidden before it is kept. */
export interface Exchange {
  readonly id: number;
  readonly method: string;
  readonly url: string;
  readonly request: Part;
  /** Absent while waiting. */
  readonly answer?: Part & { readonly status: number; readonly milliseconds: number };
  /** Why there is no answer. */
  readonly failure?: string;
}

/** Headers and body. */
export interface Part {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** The last exchanges, oldest first. */
export type WireLog = Store<readonly Exchange[]>;

const MAX_EXCHANGES = 200;

/** A `fetch` that records each exchange. @param now Milliseconds. */
export function recordFetch(fetch: typeof globalThis.fetch, log: WireLog, now: () => number): typeof fetch {
  let lastId = 0;

  const add = (exchange: Exchange) => log.set([...log.get(), exchange].slice(-MAX_EXCHANGES));
  const change = (changed: Exchange) =>
    log.set(log.get().map((exchange) => exchange.id === changed.id ? changed : exchange));

  return async function recordedFetch(input, init) {
    const request = new Request(input, init);
    const exchange: Exchange = {
      id: ++lastId,
      method: request.method,
      url: maskUrl(request.url),
      request: await part(request.clone()),
    };
    add(exchange);
    const start = now();
    try {
      const response = await fetch(request);
      const { status } = response;
      const copy = response.clone();
      const recorded = part(copy).then((read) =>
        change({ ...exchange, answer: { ...read, status, milliseconds: now() - start } })
      );
      // Of an event stream, what has come so far is wanted before its end. Where it breaks off, whoever reads it is told.
      if (isEventStream(response)) recorded.catch(() => {});
      else await recorded;
      return response;
    } catch (error) {
      change({ ...exchange, failure: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  };
}

function isEventStream({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}

async function part(message: Request | Response): Promise<Part> {
  const type = message.headers.get("content-type") ?? "";
  return {
    headers: [...message.headers].map(([name, value]) => [name, maskHeader(name, value)] as const),
    body: maskBody(await message.text(), type),
  };
}
