import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIPv6 } from "node:net";
import { Readable } from "node:stream";

/** Sends one GET to a URL by way of an already checked address. Redirects are not followed. */
export type PinnedGet = (url: URL, address: string, signal: AbortSignal) => Promise<Response>;

/**
 * A GET that connects to exactly this address, so that a name that resolves differently a moment later (DNS rebinding)
 * gains nothing (CIMD-06). TLS still checks the certificate against the host name. `fetch` cannot be told an address.
 */
export const pinnedGet: PinnedGet = (url, address, signal) => {
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      signal,
      headers: { accept: "application/json" },
      // Certificates come from the runtime's own store; looking for extra ones would need a permission.
      ca: [],
      lookup: (_hostname, _options, found) => found(null, [{ address, family: isIPv6(address) ? 6 : 4 }]),
    }, (response) => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
      const body = Readable.toWeb(response) as ReadableStream<Uint8Array>;
      resolve(new Response(body, { status: response.statusCode ?? 502, headers }));
    });
    request.on("error", reject);
    request.end();
  });
};

/** The same by a given `fetch`, which finds the address itself: for tests that answer without a network. */
export function getWith(customFetch: typeof fetch): PinnedGet {
  return (url, _address, signal) =>
    customFetch(url, { redirect: "manual", signal, headers: { accept: "application/json" } });
}
