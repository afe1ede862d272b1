import { readBearer } from "./bearer.ts";
import { MalformedCredentials } from "./errors.ts";
import type { Principal } from "./principal.ts";
import type { Verify } from "./verify.ts";

/**
 * Says who sent a request: a principal, or undefined when no bearer token came. Decided anew for every request
 * (AUTH-21).
 *
 * @throws MalformedCredentials, InvalidToken or IssuerUnavailable.
 */
export async function authenticate(headers: Headers, verify: Verify): Promise<Principal | undefined> {
  const credentials = readBearer(headers);
  switch (credentials.kind) {
    case "none":
      return undefined;
    case "malformed":
      throw new MalformedCredentials(credentials.description);
    case "bearer":
      return await verify(credentials.token);
  }
}
