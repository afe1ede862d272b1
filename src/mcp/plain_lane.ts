import { isObject, type Message } from "./json_rpc.ts";

/** A `tools/call` whose every part is as the protocol wants it, so that no protocol error can come of it. */
export interface PlainCall {
  readonly id: string | number;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>> | undefined;
  readonly modern: boolean;
}

/** Revisions of the legacy era that the SDK accepts in `MCP-Protocol-Version`. */
export const LEGACY_REVISIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07"];
const MODERN_REVISION = "2026-07-28";
const PREFIX = "io.modelcontextprotocol/";

/**
 * Recognises a plain `tools/call` of either era. Undefined means nothing but: let the SDK look at it, whose judgement
 * of everything unusual is final.
 */
export function plainCall(
  headers: Headers,
  body: unknown,
  { id, method, params, meta, modern }: Message,
): PlainCall | undefined {
  if (method !== "tools/call" || !isObject(body) || body["jsonrpc"] !== "2.0") return undefined;
  if (id === undefined || (typeof id === "number" && !Number.isSafeInteger(id))) return undefined;
  const { name, arguments: args, _meta, ...others } = params;
  if (typeof name !== "string" || Object.keys(others).length > 0) return undefined;
  if (args !== undefined && !isObject(args)) return undefined;
  if (_meta !== undefined && !isObject(_meta)) return undefined;
  const isPlain = modern ? isPlainModern(headers, name, meta) : isPlainLegacy(headers, meta);
  return isPlain ? { id, name, args, modern } : undefined;
}

function isPlainLegacy(headers: Headers, meta: Message["meta"]): boolean {
  const version = headers.get("mcp-protocol-version");
  return (version === null || LEGACY_REVISIONS.includes(version)) &&
    !Object.keys(meta).some((key) => key.startsWith(PREFIX)) && hasPlainProgressToken(meta);
}

function isPlainModern(headers: Headers, name: string, meta: Message["meta"]): boolean {
  return headers.get("mcp-protocol-version") === MODERN_REVISION &&
    headers.get("mcp-method") === "tools/call" && headers.get("mcp-name") === name &&
    meta[`${PREFIX}protocolVersion`] === MODERN_REVISION &&
    isPlainCapabilities(meta[`${PREFIX}clientCapabilities`]) &&
    isPlainInfo(meta[`${PREFIX}clientInfo`]) && meta[`${PREFIX}logLevel`] === undefined &&
    hasPlainProgressToken(meta);
}

/** No capability of the client matters to a call, so only those are plain that surely fit the schema. */
function isPlainCapabilities(capabilities: unknown): boolean {
  return isObject(capabilities) && Object.entries(capabilities).every(([name, value]) => {
    if (!isObject(value) || !Object.values(value).every(isObject)) return false;
    if (name === "extensions" || name === "experimental") return true;
    const isEmpty = Object.values(value).every((inner) => Object.keys(inner as object).length === 0);
    return (name === "elicitation" || name === "sampling") && isEmpty;
  });
}

function isPlainInfo(info: unknown): boolean {
  if (info === undefined) return true;
  return isObject(info) && typeof info["name"] === "string" && typeof info["version"] === "string" &&
    Object.entries(info).every(([key, value]) =>
      ["name", "version", "title"].includes(key) && typeof value === "string"
    );
}

function hasPlainProgressToken({ progressToken }: Message["meta"]): boolean {
  return progressToken === undefined || typeof progressToken === "string" ||
    Number.isSafeInteger(progressToken);
}
