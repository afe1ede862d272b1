import { lookup } from "node:dns/promises";
import { boundedText } from "../bounded_text.ts";
import { isLoopback } from "../../../net/loopback.ts";
import { OAuthError } from "../oauth_error.ts";
import { isLoopbackAddress, isSpecialUseAddress } from "./special_use_address.ts";

const MAX_DOCUMENT_BYTES = 5 * 1024;
const TIMEOUT_MS = 5_000;

/** A JSON document and for how long its server allows to keep it. */
export interface FetchedDocument {
  readonly value: unknown;
  /** `max-age` of the answer in seconds; 0 for `no-store`, `undefined` when nothing was said. */
  readonly maxAgeSeconds: number | undefined;
}

/** Addresses of a host name, all of them so that each can be checked. Rejects when there are none. */
export type ResolveHostname = (hostname: string) => Promise<string[]>;

/** Asks the system's resolver. */
export const resolveHostname: ResolveHostname = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** Fetches a JSON document that a stranger named. Throws `invalid_client` with the reason. */
export type FetchDocument = (url: URL) => Promise<FetchedDocument>;

/**
 * The rules against server-side request forgery (draft-ietf-oauth-client-id-metadata-document §5, §8.6, §8.7): refuse
 * unless every address of the host is public, take only a 200, follow no redirect, read at most 5 KiB within 5 s.
 * Loopback is reachable only with `allowLoopback`, and only by its own names.
 *
 * `fetch` looks the name up again and cannot be told an address. A name that means another machine by then (DNS
 * rebinding) gains a TLS handshake and no request: the machine has no certificate for it.
 */
export function createDocumentFetcher(options: {
  allowLoopback: boolean;
  resolve: ResolveHostname;
  fetch: typeof fetch;
}): FetchDocument {
  const { allowLoopback, resolve, fetch } = options;

  async function checkAddress({ hostname, protocol }: URL): Promise<void> {
    const mayBeLoopback = allowLoopback && isLoopback(hostname);
    if (protocol !== "https:" && !mayBeLoopback) throw refused("does not use https");
    const addresses = await resolve(hostname.replace(/^\[|\]$/g, ""));
    const isAllowed = mayBeLoopback ? isLoopbackAddress : (address: string) => !isSpecialUseAddress(address);
    if (addresses.length === 0 || !addresses.every(isAllowed)) throw refused("is not on the public internet");
  }

  return async function fetchDocument(url) {
    try {
      await checkAddress(url);
      const response = await fetch(url, {
        redirect: "manual",
        headers: { accept: "application/json" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw refused(`answered with status ${response.status} instead of 200`);
      }
      const text = await boundedText(response.body, MAX_DOCUMENT_BYTES);
      return { value: JSON.parse(text), maxAgeSeconds: maxAge(response.headers.get("cache-control") ?? "") };
    } catch (cause) {
      if (cause instanceof OAuthError) throw cause;
      if (cause instanceof RangeError) throw refused("is larger than 5 KiB");
      if (cause instanceof SyntaxError) throw refused("is not JSON");
      // Whatever the network said could tell a stranger about the network behind us.
      throw refused("could not be fetched");
    }
  };
}

function maxAge(cacheControl: string): number | undefined {
  if (/\bno-(?:store|cache)\b/i.test(cacheControl)) return 0;
  const seconds = /\bmax-age=(\d{1,9})\b/i.exec(cacheControl)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

function refused(why: string): OAuthError {
  return new OAuthError("invalid_client", `The client's document ${why}.`, { status: 401 });
}
