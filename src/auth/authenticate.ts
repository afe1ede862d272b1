import { readBearer } from "./bearer.ts";
import { MalformedCredentials } from "./errors.ts";
import type { Principal } from "./principal.ts";
import type { VerifyCached } from "./token_cache.ts";

/**
 * Says who sent a request: a principal, or undefined when no bearer token came. Decided anew for every request
 * (AUTH-21).
 *
 * @param admit Called before anything is asked about credentials that are not remembered as good.
 * @throws MalformedCredentials, InvalidToken, IssuerUnavailable, or what `admit` throws.
 */
export async function authenticate(
  headers: Headers,
  verify: VerifyCached,
  admit: () => void,
): Promise<Principal | undefined> {
  const credentials = readBearer(headers);
  switch (credentials.kind) {
    case "none":
      return undefined;
    case "malformed":
      admit();
      throw new MalformedCredentials(credentials.description);
    case "bearer":
      return await verify(credentials.token, admit);
  }
}
