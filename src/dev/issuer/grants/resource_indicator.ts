import { OAuthError } from "../oauth_error.ts";

/**
 * Checks every `resource` parameter (RFC 8707 §2, ASA-04). None at all stands for the one resource we issue for
 * (ASA-05), so `aud` never depends on it. Throws `invalid_target` for anything else.
 */
export function checkResource(values: URLSearchParams, resource: string): void {
  const expected = new URL(resource).href;
  for (const value of values.getAll("resource")) {
    const url = URL.parse(value);
    // Clients built on the URL class add a slash to a bare origin; every other difference counts.
    if (url?.href !== expected) {
      throw new OAuthError("invalid_target", "The resource is not one this server issues tokens for.");
    }
  }
}
