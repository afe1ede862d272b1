import { isLoopbackHostname } from "./loopback.ts";

/** Whether a `client_id` claims to be a Client ID Metadata Document: registered ids are never URLs. */
export function isClientIdUrl(clientId: string): boolean {
  return /^https?:/i.test(clientId);
}

/**
 * Why a `client_id` URL is refused, or `undefined` when it is fine (draft-ietf-oauth-client-id-metadata-document §3,
 * CIMD-01). The raw string is checked: the URL parser resolves dot segments, and a different spelling is a different
 * client. `http:` is for loopback documents, which only an issuer on loopback may read.
 */
export function clientIdUrlProblem(clientId: string, allowLoopback: boolean): string | undefined {
  const url = URL.parse(clientId);
  if (url === null || clientId.length > 1024 || /[\s\\\p{C}]/u.test(clientId)) return "is not a URL";
  const isLoopback = isLoopbackHostname(url.hostname);
  if (isLoopback && !allowLoopback) return "is on loopback";
  if (url.protocol !== "https:" && !isLoopback) return "does not use https";
  if (clientId.includes("#")) return "has a fragment";
  if (url.username !== "" || url.password !== "" || clientId.split("/")[2]?.includes("@")) {
    return "has user information";
  }
  const path = /^[^:]+:\/\/[^/?]*([^?]*)/.exec(clientId)?.[1] ?? "";
  if (path === "" || path === "/") return "has no path";
  if (path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment))) return "has a dot segment";
  return undefined;
}
