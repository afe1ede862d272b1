/** Where servers listen, and how they look at tokens: with jose, as all their documentations do. */
import process from "node:process";
import { createRemoteJWKSet, jwtVerify } from "jose";

const [port, issuer, count] = process.argv.slice(2);
const AUDIENCE = "http://localhost:8000/mcp";
const keys = createRemoteJWKSet(new URL("/jwks", issuer));

export { issuer };
export const PORT = Number(port);
/** How many tools besides the two that are called. */
export const UNUSED = Number(count);

/** @param {string} token */
export async function verify(token) {
  const { payload } = await jwtVerify(token, keys, { issuer, audience: AUDIENCE });
  return payload;
}

/** What the official SDK knows of a caller. @param {string} token */
export async function verifyAccessToken(token) {
  const { sub, scope, exp, client_id } = await verify(token);
  return {
    token,
    clientId: String(client_id),
    scopes: String(scope).split(" "),
    expiresAt: exp,
    extra: { subject: sub },
  };
}

/** The claims of a request's token; undefined if it has none. @param {Headers} headers */
export async function callerOf(headers) {
  const token = headers.get("authorization")?.replace(/^Bearer /, "");
  return token === undefined ? undefined : await verify(token);
}

/** Serves by a Fetch handler, on Deno by itself and on Node by Hono's adapter. */
export async function serve(fetch) {
  const options = { port: PORT, hostname: "127.0.0.1" };
  if ("Deno" in globalThis) globalThis.Deno.serve({ ...options, onListen: () => {} }, fetch);
  else (await import("@hono/node-server")).serve({ ...options, fetch });
}
