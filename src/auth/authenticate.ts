import { readBearer } from "./bearer.ts";
import { MalformedCredentials } from "./errors.ts";
import type { Principal } from "./principal.ts";
import type { TokenBudget, Verify } from "./verify.ts";

/**
 * Says who sent a request: a principal, or undefined when no bearer token came. Decided anew for every request
 * (AUTH-21).
 *
 * @param budget What the address may spend on credentials that are not remembered as good.
 * @throws MalformedCredentials, InvalidToken, IssuerUnavailable, or what the budget throws.
 */
export async function authenticate(
  headers: Headers,
  verify: Verify,
  budget: TokenBudget,
): Promise<Principal | undefined> {
  const credentials = readBearer(headers);
  switch (credentials.kind) {
    case "none":
      return undefined;
    case "malformed":
      budget.spendToken();
      throw new MalformedCredentials(credentials.description);
    case "bearer":
      return await verify(credentials.token, budget);
  }
}
