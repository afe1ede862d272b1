import { MalformedCredentials } from "./errors.ts";
import type { Principal } from "./principal.ts";
import type { TokenBudget, Verify } from "./verify.ts";

/** What the `Authorization` header says, before anything is believed. */
export type Credentials =
  | { readonly kind: "none" }
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "malformed"; readonly description: string };

const TOKEN68 = /^[A-Za-z0-9._~+/-]+=*$/;
const MAX_TOKEN_LENGTH = 16_384;

/**
 * Says who sent a request: a principal, or undefined when no bearer token came. Decided anew for every request
 * (AUTH-21).
 *
 * @param budget What the address may spend on credentials that are not remembered as good.
 * @throws MalformedCredentials, InvalidToken, IssuerUnavailable, or what the budget throws.
 */
export function authenticate(
  headers: Headers,
  verify: Verify,
  budget: TokenBudget,
): Principal | undefined | Promise<Principal> {
  const credentials = readBearer(headers);
  if (credentials.kind === "none") return undefined;
  if (credentials.kind === "bearer") return verify(credentials.token, budget);
  budget.spendToken();
  throw new MalformedCredentials(credentials.description);
}

/**
 * Reads the bearer token of a request (RFC 6750 section 2.1, AUTH-16, AUTH-17).
 *
 * Only the header counts: a token in the query, a cookie or the body is not looked at. Another scheme, DPoP
 * included, is no bearer credential (DPOP-02).
 */
export function readBearer(headers: Headers): Credentials {
  const value = headers.get("authorization");
  if (value === null) return { kind: "none" };
  const [scheme = "", rest = ""] = split(value.trim());
  if (scheme.toLowerCase() !== "bearer") {
    // Headers of the same name arrive joined by commas, so a second credential hides behind the first.
    return /,\s*bearer(\s|$)/i.test(value) ? malformed("Send exactly one credential.") : { kind: "none" };
  }
  if (rest === "") return malformed("The Bearer scheme came without a token.");
  if (rest.length > MAX_TOKEN_LENGTH) {
    return malformed(`The token is longer than ${MAX_TOKEN_LENGTH} characters.`);
  }
  if (!TOKEN68.test(rest)) return malformed("Send exactly one bearer token, in the characters of RFC 6750.");
  return { kind: "bearer", token: rest };
}

function split(value: string): [string, string] {
  const space = value.search(/\s/);
  return space < 0 ? [value, ""] : [value.slice(0, space), value.slice(space).trim()];
}

function malformed(description: string): Credentials {
  return { kind: "malformed", description };
}
