import assert from "node:assert/strict";
import { RESOURCE } from "./test_issuer.ts";

/** `name="value"`, the value in the characters that RFC 6750 section 3 leaves. */
const PARAM = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)="([\x20\x21\x23-\x5b\x5d-\x7e]*)"/;

/**
 * Reads one `Bearer` challenge as strictly as RFC 9110 section 11 and RFC 6750 section 3 allow: params separated by
 * commas, each once, each quoted and printable (AUTH-15).
 *
 * @throws Error that shows where the grammar is broken.
 */
export function parseChallenge(value: string): Record<string, string> {
  if (!value.startsWith("Bearer ")) throw new Error(`Not a Bearer challenge: ${value}`);
  const params: Record<string, string> = {};
  for (let rest = value.slice("Bearer ".length);;) {
    const [written, name, content] = PARAM.exec(rest) ?? [];
    if (written === undefined || name === undefined || content === undefined) {
      throw new Error(`Not an auth-param: ${rest}`);
    }
    if (Object.hasOwn(params, name)) throw new Error(`Twice in one challenge: ${name}`);
    params[name] = content;
    rest = rest.slice(written.length);
    if (rest === "") return params;
    const comma = /^ *, */.exec(rest);
    if (!comma) throw new Error(`No comma before: ${rest}`);
    rest = rest.slice(comma[0].length);
  }
}

/** Reads the `WWW-Authenticate` of an answer, and fetches the metadata it points at (AUTH-10, PRM-05). */
export async function followChallenge(
  server: { request(url: string): Response | Promise<Response> },
  value: string | null,
): Promise<Record<string, string>> {
  const params = parseChallenge(value ?? "");
  const response = await server.request(params["resource_metadata"] ?? "no resource_metadata");
  assert.equal(response.status, 200);
  const metadata = await response.json();
  assert.equal(metadata.resource, RESOURCE);
  assert.equal(
    params["resource_metadata"],
    new URL("/.well-known/oauth-protected-resource/mcp", RESOURCE).href,
  );
  return params;
}
