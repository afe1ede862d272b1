import assert from "node:assert/strict";

/** Asserts an error document with this code and status. */
export async function assertError(response: Response, error: string, status = 400): Promise<void> {
  const body = await response.json();
  assert.deepEqual([response.status, body.error], [status, error], JSON.stringify(body));
  assert.equal(response.headers.get("cache-control"), "no-store");
}

/** Asserts that the person sees an error page and nothing goes to the redirect URI. */
export async function assertErrorPage(
  response: Response,
  reason = /Sign-in cannot go on/,
  status = 400,
): Promise<void> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.equal(response.headers.get("location"), null);
  assert.match(text, reason);
}
