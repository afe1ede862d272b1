/** A request that ends before dispatch: the status, and a sentence that names the cause and the fix. */
export class HttpError extends Error {
  override readonly name = "HttpError";

  /** @param status 4xx when the caller can mend it, 5xx when it is ours. */
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Puts an error on the wire, in the one form that all of them have: a JSON-RPC error (TRN-02 allows it without id). */
export function errorResponse({ status, message, headers }: HttpError): Response {
  const code = message.startsWith("Parse error") ? -32700 : status >= 500 ? -32603 : -32600;
  return Response.json({ jsonrpc: "2.0", error: { code, message } }, { status, headers });
}
