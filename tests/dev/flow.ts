import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { DevIssuer } from "../../src/dev/issuer/issuer.ts";
import { REDIRECT_URI, RESOURCE } from "./dev_issuer.ts";

/** The code verifier of every flow. */
export const VERIFIER = "a".repeat(43);
/** Its S256 challenge. */
export const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

/** Parameters by name; `undefined` leaves one out, an array repeats it. */
export type Fields = Record<string, string | readonly string[] | undefined>;

/** Encodes parameters as a query or form. */
export function encoded(fields: Fields): URLSearchParams {
  const values = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of value === undefined ? [] : [value].flat()) values.append(name, one);
  }
  return values;
}

/** Opens the authorization endpoint with a complete request, changed by `fields`. */
export async function authorize(
  { app }: DevIssuer,
  clientId: string,
  fields: Fields = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  const query = encoded({
    response_type: "code",
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
    resource: RESOURCE,
    state: "state-1",
    ...fields,
  });
  return await app.request(`/auth/authorize?${query}`, { headers });
}

/** The sign-in page as a browser has it: hidden fields and cookie. */
export interface SignInPage {
  readonly text: string;
  readonly hidden: Record<string, string>;
  readonly cookie: string;
}

/** Reads a sign-in page. */
export async function readPage(response: Response): Promise<SignInPage> {
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const inputs = text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]+)"/g);
  return {
    text,
    hidden: Object.fromEntries([...inputs].map(([, name, value]) => [name, value])),
    cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "",
  };
}

/** Answers a sign-in page as a browser would. */
export async function decide({ app }: DevIssuer, page: SignInPage, fields: Fields = {}): Promise<Response> {
  return await app.request("/auth/consent", {
    method: "POST",
    headers: { cookie: page.cookie },
    body: encoded({ ...page.hidden, decision: "allow", person: "ada", ...fields }),
  });
}

/** The parameters that a redirect hands to the client. */
export function redirected(response: Response): Record<string, string> {
  assert.equal(response.status, 303);
  return Object.fromEntries(new URL(response.headers.get("location") ?? "").searchParams);
}

/** Signs in and returns the code. */
export async function codeFor(
  issuer: DevIssuer,
  clientId: string,
  { asked, answered }: { asked?: Fields; answered?: Fields } = {},
): Promise<string> {
  const page = await readPage(await authorize(issuer, clientId, asked));
  const { code } = redirected(await decide(issuer, page, answered));
  assert.ok(code);
  return code;
}

/** Posts a form to one of the issuer's endpoints. */
export async function post(
  { app }: DevIssuer,
  path: string,
  fields: Fields,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await app.request(path, { method: "POST", headers, body: encoded(fields) });
}

/** Redeems a code at the token endpoint. */
export function redeem(
  issuer: DevIssuer,
  clientId: string,
  code: string,
  fields: Fields = {},
): Promise<Response> {
  return post(issuer, "/auth/token", {
    grant_type: "authorization_code",
    client_id: clientId,
    code,
    code_verifier: VERIFIER,
    redirect_uri: REDIRECT_URI,
    ...fields,
  });
}

/** Uses a refresh token. */
export function refresh(
  issuer: DevIssuer,
  clientId: string,
  token: string,
  fields: Fields = {},
): Promise<Response> {
  return post(issuer, "/auth/token", {
    grant_type: "refresh_token",
    client_id: clientId,
    refresh_token: token,
    ...fields,
  });
}

/** A token response. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly expires_in: number;
  readonly token_type: string;
  readonly scope: string;
}

/** Reads a successful token response. */
export async function tokensOf(response: Response): Promise<Tokens> {
  assert.equal(response.status, 200, await response.clone().text());
  return await response.json();
}
