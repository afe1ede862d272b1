/**
 * Headers of every page that development serves: nothing but what its policy names, in no frame, in no cache, and no
 * address of it given away (ASA-10).
 *
 * @param policy Directives of the Content Security Policy.
 */
export function pageHeaders(policy: readonly string[]): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy.join("; "),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  };
}
