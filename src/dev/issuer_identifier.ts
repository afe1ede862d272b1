import { isLoopbackHostname } from "./loopback.ts";

/**
 * An issuer identifier has no query or fragment, and needs TLS where others could listen (RFC 8414 §2, AS-02, AS-11).
 * Throws a `TypeError` that says what to give.
 */
export function checkIssuer(issuer: string): void {
  const url = URL.parse(issuer);
  const isSafe = url?.protocol === "https:" ||
    (url?.protocol === "http:" && isLoopbackHostname(url.hostname));
  if (!isSafe || /[?#]|\/$/.test(issuer)) {
    throw new TypeError(
      `Cannot use ${issuer} as issuer: give an https URL, or http on loopback, without query, fragment or final slash`,
    );
  }
}
