/**
 * Sends the browser back to the client with these parameters (RFC 6749 §4.1.2, RFC 9207). 303 turns a POST into a GET,
 * so that no form data travels on (ASA-12); the redirect URI's own query stays as registered.
 */
export function authorizationResponse(
  redirectUri: string,
  response: Readonly<Record<string, string | undefined>>,
): Response {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(response)) if (value !== undefined) query.set(name, value);
  return new Response(null, {
    status: 303,
    headers: {
      location: `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${query}`,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    },
  });
}
