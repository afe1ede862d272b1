import { createLocalJWKSet, errors, jwtVerify } from "@panva/jose";
import type { SigningKeys } from "./signing_keys.ts";

/** What the issuer needs back from an access token of its own. */
export interface AccessTokenClaims {
  readonly grantId: string;
  readonly scopes: readonly string[];
}

/** Reads an access token; `undefined` when it is not ours, expired, or was not issued by a sign-in. */
export type ReadAccessToken = (token: string) => Promise<AccessTokenClaims | undefined>;

/** Checks signature, type, issuer and time; whether the grant still lives is for the caller to look up. */
export function createAccessTokenReader(
  issuer: string,
  keys: SigningKeys,
  now: () => number,
): ReadAccessToken {
  return async function readAccessToken(token) {
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: keys.published() }), {
        issuer,
        typ: "at+jwt",
        requiredClaims: ["exp"],
        currentDate: new Date(now()),
      });
      if (typeof payload.sid !== "string") return undefined;
      return {
        grantId: payload.sid,
        scopes: typeof payload.scope === "string" ? payload.scope.split(" ") : [],
      };
    } catch (cause) {
      if (cause instanceof errors.JOSEError) return undefined;
      throw cause;
    }
  };
}
