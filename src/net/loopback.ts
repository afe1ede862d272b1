/**
 * Whether a name or address is this machine's alone: `localhost` and its subdomains, which browsers and resolvers
 * never look up (RFC 6761 section 6.3), 127.0.0.0/8, and `::1` with or without the brackets of a URL.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") ||
    hostname === "[::1]" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
