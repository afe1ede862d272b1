import type { OnProgress } from "./view.ts";

/** Answers one incoming method: what it returns (or `{}`) is the reply, when the host asked for one. */
export type Handler = (params: Record<string, unknown>) => unknown;

/**
 * Opens JSON-RPC 2.0 to `window.parent`. Messages of any other window, and any that are not JSON-RPC 2.0, are ignored
 * (VIEW-13). The host's origin is unknown to a sandboxed page, hence the target `*`: we never send anything secret.
 */
export function connectParent(handlers: Readonly<Record<string, Handler>>) {
  const pending = new Map<
    unknown,
    PromiseWithResolvers<Record<string, unknown>> & { onProgress?: OnProgress }
  >();
  const post = (message: object) => parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
  let lastId = 0;

  function onRequest(id: unknown, method: string, params: Record<string, unknown>) {
    if (method === "notifications/progress") pending.get(params.progressToken)?.onProgress?.(params);
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
    const result = handler?.(params);
    if (id === undefined) return;
    if (handler) post({ id, result: result ?? {} });
    else post({ id, error: { code: -32601, message: `No method ${method}` } });
  }

  function onResponse(id: unknown, message: Record<string, unknown>) {
    const waiting = pending.get(id);
    if (!waiting) return;
    pending.delete(id);
    if (!isRecord(message.error)) waiting.resolve(asRecord(message.result));
    else waiting.reject(new Error(String(message.error.message ?? "The host refused.")));
  }

  addEventListener("message", ({ source, data }: MessageEvent<unknown>) => {
    if (source !== parent || !isRecord(data) || data.jsonrpc !== "2.0") return;
    if (typeof data.method === "string") onRequest(data.id, data.method, asRecord(data.params));
    else onResponse(data.id, data);
  });

  return {
    /**
     * Resolves with the result, `{}` if that is no object; rejects with the error's message. Nothing times out: sign-in
     * takes a person's time.
     */
    request(
      method: string,
      params: Record<string, unknown>,
      onProgress?: OnProgress,
    ): Promise<Record<string, unknown>> {
      const waiting = Promise.withResolvers<Record<string, unknown>>();
      pending.set(++lastId, onProgress ? { ...waiting, onProgress } : waiting);
      post({
        id: lastId,
        method,
        params: onProgress ? { ...params, _meta: { progressToken: lastId } } : params,
      });
      return waiting.promise;
    },
    notify: (method: string, params: Record<string, unknown>) => post({ method, params }),
  };
}

/** A value from outside as an object, empty if it is none. */
export function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** Whether a value from outside is an object with keys (no array, not null). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
