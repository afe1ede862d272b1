/**
 * A `fetch` that passes requests for this origin to `answer` and uses no network. All others are rejected, so that a
 * test which would leave the process fails. An aborted signal rejects as it does with the real `fetch`.
 */
export function createInProcessFetch(
  origin: string,
  answer: (request: Request) => Response | Promise<Response>,
): typeof fetch {
  return async function inProcessFetch(input, init) {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== origin) {
      throw new TypeError(`Cannot fetch ${request.url}: only ${origin} is answered in this process`);
    }
    request.signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(request.signal.reason);
    request.signal.addEventListener("abort", abort);
    try {
      return await Promise.race([answer(request), aborted.promise]);
    } finally {
      request.signal.removeEventListener("abort", abort);
    }
  };
}
