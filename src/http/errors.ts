/** A request that ends before dispatch: the status, and a sentence that names the cause and the fix. */
export class HttpError extends Error {
  override readonly name = "HttpError";

  /**
   * @param status 4xx when the caller can mend it, 5xx when it is ours.
   * @param code Of JSON-RPC: -32600 for an invalid request, -32603 for an internal error (JSON-RPC 2.0 section 5.1).
   */
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly code: number = status >= 500 ? -32603 : -32600,
  ) {
    super(message);
  }
}

/** Puts an error on the wire, in the one form that all of them have: a JSON-RPC error (TRN-02 allows it without id). */
export function errorResponse({ status, message, headers, code }: HttpError): Response {
  return Response.json({ jsonrpc: "2.0", error: { code, message } }, { status, headers });
}
