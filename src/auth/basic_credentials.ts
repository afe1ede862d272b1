/** The `Authorization` header of a client with a secret: both halves are form-encoded (RFC 6749 section 2.3.1). */
export function basicCredentials(
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
): string {
  return `Basic ${btoa([clientId, clientSecret].map(encodeURIComponent).join(":"))}`;
}
