/** Error codes of JSON-RPC 2.0, section 5.1. */
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;

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

/** Who serves: results of the modern era carry it (BASE-04). */
export interface ServerInfo {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly websiteUrl?: string;
}

/** Of the keys of `_meta` that belong to MCP. */
export const META_PREFIX = "io.modelcontextprotocol/";
const NOTHING: Readonly<Record<string, unknown>> = Object.freeze({});

/** The messages of a body: one, or those of a batch. */
export function parseMessages(body: unknown): Message[] {
  return Array.isArray(body) ? body.map(parseMessage) : [parseMessage(body)];
}

function parseMessage(element: unknown): Message {
  const { id, method, params: givenParams } = object(element);
  const params = object(givenParams);
  const meta = object(params["_meta"]);
  return {
    id: typeof id === "string" || typeof id === "number" ? id : undefined,
    method: typeof method === "string" ? method : undefined,
    params,
    meta,
    modern: typeof meta[`${META_PREFIX}protocolVersion`] === "string",
  };
}

/** The answer to a request, in the form of its era. */
export function resultMessage(
  { id, modern }: Pick<Message, "id" | "modern">,
  result: Readonly<Record<string, unknown>>,
  serverInfo: ServerInfo,
): Record<string, unknown> {
  if (!modern) return { jsonrpc: "2.0", id, result };
  const _meta = { ...object(result["_meta"]), [`${META_PREFIX}serverInfo`]: serverInfo };
  return { jsonrpc: "2.0", id, result: { resultType: "complete", ...result, _meta } };
}

/** An error; without an id where the request had none that could be read. */
export function errorMessage(
  id: Message["id"],
  code: number,
  message: string,
): Record<string, unknown> {
  return { jsonrpc: "2.0", ...(id !== undefined && { id }), error: { code, message } };
}

/** The value if it is an object, else one without members. */
function object(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : NOTHING;
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
