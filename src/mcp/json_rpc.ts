/** One JSON-RPC message of a parsed body, as far as it can be trusted to have a shape. */
export interface Message {
  readonly id: string | number | undefined;
  readonly method: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  /** `params._meta`. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** Whether it claims a protocol revision of the modern, stateless era (BASE-13). */
  readonly modern: boolean;
}

const NOTHING: Readonly<Record<string, unknown>> = Object.freeze({});

/** The messages of a body: one, or those of a batch. */
export function messagesOf(body: unknown): Message[] {
  return (Array.isArray(body) ? body : [body]).map((element) => {
    const { id, method, params } = object(element);
    const meta = object(object(params)["_meta"]);
    return {
      id: typeof id === "string" || typeof id === "number" ? id : undefined,
      method: typeof method === "string" ? method : undefined,
      params: object(params),
      meta,
      modern: typeof meta["io.modelcontextprotocol/protocolVersion"] === "string",
    };
  });
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : NOTHING;
}
