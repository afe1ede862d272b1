import { lookup } from "node:dns/promises";
import { BlockList, isIPv4, isIPv6 } from "node:net";
import { isLoopback } from "../../../net/loopback.ts";
import { readBounded, TooLarge } from "../../../net/read_bounded.ts";
import { OAuthError } from "../oauth_error.ts";

const MAX_DOCUMENT_BYTES = 5 * 1024;
const TIMEOUT_MS = 5_000;
const MAX_CAUSE_LENGTH = 300;

/** A JSON document and for how long its server lets others keep it. */
export interface FetchedDocument {
  readonly value: unknown;
  /** `max-age` of the response in seconds; 0 for `no-store` and `no-cache`, `undefined` when it has neither. */
  readonly maxAgeSeconds: number | undefined;
}

/** Addresses of a host name: all of them, so that each can be checked. Rejects when there are none. */
export type ResolveHostname = (hostname: string) => Promise<string[]>;

/** Asks the system's resolver. */
export const resolveHostname: ResolveHostname = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/**
 * Fetches a JSON document whose URL comes from a stranger. `name` says what it is, for messages. Throws
 * `invalid_client` with the reason.
 */
export type FetchDocument = (url: URL, name: string) => Promise<FetchedDocument>;

/**
 * The rules against server-side request forgery (draft-ietf-oauth-client-id-metadata-document §5, §8.6, §8.7): refuse
 * unless every address of the host is public, accept only a 200, follow no redirect, read at most 5 KiB within 5 s.
 * Loopback is reachable only with `allowLoopback`, and only by its own names.
 *
 * `fetch` resolves the name again and cannot be told an address. A name that points to another machine by then (DNS
 * rebinding) gains a TLS handshake and no request: that machine has no certificate for the name.
 */
export function createDocumentFetcher(options: {
  allowLoopback: boolean;
  resolve: ResolveHostname;
  fetch: typeof fetch;
  timeout: (ms: number) => AbortSignal;
  /** Gets one sentence for the log about each document that could not be fetched, with the cause. */
  onFailure: (reason: string) => void;
}): FetchDocument {
  const { allowLoopback, resolve, fetch, timeout, onFailure } = options;

  async function checkAddress({ hostname, protocol }: URL): Promise<void> {
    const mayBeLoopback = allowLoopback && isLoopback(hostname);
    if (protocol !== "https:" && !mayBeLoopback) throw new Refused("its URL does not use https");
    const addresses = await resolve(hostname.replace(/^\[|\]$/g, ""));
    const isAllowed = mayBeLoopback ? isLoopbackAddress : (address: string) => !isSpecialUseAddress(address);
    if (addresses.length === 0 || !addresses.every(isAllowed)) {
      throw new Refused(`${hostname} is not on the public internet`);
    }
  }

  async function read(url: URL, signal: AbortSignal): Promise<FetchedDocument> {
    await checkAddress(url);
    const response = await fetch(url, {
      redirect: "manual",
      headers: { accept: "application/json" },
      signal,
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Refused(`${url.hostname} answered with status ${response.status} instead of 200`);
    }
    const bytes = await readBounded(response.body, MAX_DOCUMENT_BYTES, signal);
    return {
      value: JSON.parse(new TextDecoder().decode(bytes)),
      maxAgeSeconds: maxAge((response.headers.get("cache-control") ?? "").slice(0, 1000)),
    };
  }

  return async function fetchDocument(url, name) {
    const signal = timeout(TIMEOUT_MS);
    const { promise: timedOut, reject } = Promise.withResolvers<never>();
    // A resolver takes no signal, so that waiting for it has to be given up from here.
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    try {
      return await Promise.race([read(url, signal), timedOut]);
    } catch (error) {
      onFailure(`Cannot fetch the ${name} at ${url.host}: ${describeCause(error, url)}`);
      throw new OAuthError(
        "invalid_client",
        `The app's ${name} could not be fetched: ${reason(error, url)}.`,
        {
          status: 401,
          remedy: remedyFor(url),
        },
      );
    }
  };
}

/** Our own refusal; its message is public. */
class Refused extends Error {}

function reason(error: unknown, { host }: URL): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof TooLarge) return `${host} sent a document that is larger than 5 KiB`;
  if (error instanceof SyntaxError) return `what ${host} sent is not JSON`;
  // No more than that: what the network said could tell a stranger about the network behind this server.
  return `this server could not reach ${host}`;
}

function remedyFor({ host }: URL): string {
  return `Check that the machine running this server can resolve and reach ${host}, then connect again. If it ` +
    "cannot, start the server with DEV_CLIENT_DOCUMENTS=false, then remove and add it again in the app, which then " +
    "registers itself. The server's log has the cause.";
}

/** For the log, in one short line; a query of the URL is the client's business and stays out. */
function describeCause(error: unknown, url: URL): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(url.href, url.origin).slice(0, MAX_CAUSE_LENGTH).replace(/\p{C}/gu, " ");
}

function maxAge(cacheControl: string): number | undefined {
  if (/\bno-(?:store|cache)\b/i.test(cacheControl)) return 0;
  const seconds = /\bmax-age=(\d{1,9})\b/i.exec(cacheControl)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

const LOOPBACK = blockList(["127.0.0.0/8", "::1/128"]);

/** Ranges that are not the public internet (RFC 6890 and the IANA registries that it began). */
const SPECIAL_USE = blockList([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
]);

/** IPv6 addresses outside this are local, mapped, translated or unassigned. */
const GLOBAL_IPV6 = blockList(["2000::/3"]);

function isLoopbackAddress(address: string): boolean {
  return LOOPBACK.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** Whether text is anything but a public IP address: private, link-local, multicast, or no address (CIMD-06). */
function isSpecialUseAddress(address: string): boolean {
  if (isIPv4(address)) return SPECIAL_USE.check(address, "ipv4");
  return !GLOBAL_IPV6.check(address, "ipv6") || SPECIAL_USE.check(address, "ipv6");
}

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", bits] = subnet.split("/");
    list.addSubnet(network, Number(bits), isIPv6(network) ? "ipv6" : "ipv4");
  }
  return list;
}
