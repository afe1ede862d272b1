import { isLoopback } from "../../../net/loopback.ts";

/** Whether a `client_id` claims to be a Client ID Metadata Document: registered ids are never URLs. */
export function isClientIdUrl(clientId: string): boolean {
  return /^https?:/i.test(clientId);
}

/**
 * Why a `client_id` URL is refused, or `undefined` when it is fine (draft-ietf-oauth-client-id-metadata-document §3,
 * CIMD-01). Only the normal spelling passes, since the URL parser would quietly repair any other: dot segments, escaped
 * ones too, a default port, an empty user. `http:` is for loopback documents, which only an issuer on loopback may read.
 */
export function clientIdUrlProblem(clientId: string, allowLoopback: boolean): string | undefined {
  const url = URL.parse(clientId);
  if (url === null || clientId.length > 1024) return "is not a URL";
  const onLoopback = isLoopback(url.hostname);
  if (onLoopback && !allowLoopback) return "is on loopback";
  if (url.protocol !== "https:" && !onLoopback) return "does not use https";
  if (clientId.includes("#")) return "has a fragment";
  if (url.username !== "" || url.password !== "") return "has user information";
  if (url.pathname === "/") return "has no path";
  if (url.href !== clientId) return "is not in its normal spelling";
  return undefined;
}
