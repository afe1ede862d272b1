import { isLoopback } from "../../../net/loopback.ts";

/** Schemes the browser itself acts on: a redirect there would run or show attacker's content (ASA-02). */
const BROWSER_SCHEMES =
  /^(?:javascript|vbscript|data|blob|file|filesystem|about|view-source|wss?|ftp|mailto|chrome|intent):$/;
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?((?:[/?].*)?)$/;

/**
 * Why a redirect URI may not be registered, or `undefined` when it may: https, http on loopback, or a native app's own
 * scheme (RFC 8252 §7; MCP asks for the first two only, but Cursor registers `cursor://`).
 */
export function redirectUriProblem(uri: string): string | undefined {
  const url = URL.parse(uri);
  // RFC 3986 spells URIs in ASCII, and a Location header can carry nothing else.
  if (url === null || uri.length > 2048 || /[^\x21-\x7e]|\\/.test(uri)) return "is not an absolute URL";
  if (uri.includes("#")) return "has a fragment";
  if (url.username !== "" || url.password !== "") return "has user information";
  if (url.protocol === "https:" || url.protocol === "http:") {
    // Keeps wildcards and separators out of the consent page's Content-Security-Policy.
    if (!/^(?:[a-z0-9._-]+|\[[0-9a-f:]+\])$/.test(url.hostname)) return "has an unusual host name";
    if (url.protocol === "http:" && !isLoopback(url.hostname)) return "uses http outside loopback";
    return undefined;
  }
  if (BROWSER_SCHEMES.test(url.protocol)) return "uses a scheme that a browser interprets";
  return undefined;
}

/** Whether a request's redirect URI is a registered one: the same string, except for a loopback port (ASA-01). */
export function isRegisteredRedirectUri(uri: string, registered: readonly string[]): boolean {
  const portless = withoutLoopbackPort(uri);
  return registered.some((candidate) =>
    candidate === uri || (portless !== undefined && portless === withoutLoopbackPort(candidate))
  );
}

function withoutLoopbackPort(uri: string): string | undefined {
  const match = LOOPBACK.exec(uri);
  return match === null ? undefined : `${match[1]}${match[2]}`;
}
