import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyOptions,
} from "@panva/jose";
import { InvalidToken, IssuerUnavailable } from "./errors.ts";
import { createIssuerKeys, type IssuerKeys, type IssuerKeysOptions } from "./issuer_keys.ts";
import { type ClaimsOptions, type Principal, principalOf, unusable } from "./principal.ts";

/** What a caller may spend on its token; each method throws when that is spent, and the verification ends with it. */
export interface TokenBudget {
  /** Called before a token is verified that is not remembered as good. */
  spendToken(): void;
  /** Called before the issuer is asked about a token. */
  spendQuestion(): void;
}

/**
 * Says whose token it is; at once where that is remembered, since a promise for it would cost more than the answer.
 *
 * @throws InvalidToken when the token is at fault, IssuerUnavailable when its keys cannot be had, or what the budget
 * throws.
 */
export type Verify = (token: string, budget?: TokenBudget) => Principal | Promise<Principal>;

/** HMAC and `none` are missing on purpose (AUTH-05). */
const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];
/** RFC 9068 asks for `at+jwt`; `JWT` and none are what Auth0's and Entra's default profiles send (conflict C6). */
const TYPES = ["at+jwt", "application/at+jwt", "jwt", undefined];
/** How far the clocks of an issuer and of this machine may be apart when `exp` and `nbf` are judged. */
export const CLOCK_TOLERANCE_SECONDS = 30;

/**
 * Verifies JWT access tokens (RFC 9068 section 4, AUTH-01…06, AUTH-28) in the order signature, time, issuer,
 * audience, binding. Scopes are judged later, by the access policy of the tool (AUTH-19).
 *
 * Not checked: revocation before `exp`, and `jti` replay.
 *
 * @param keys Key sources by issuer; the issuer a token claims is only ever looked up here, never fetched.
 * @param now Milliseconds since the epoch.
 */
export function createVerify(
  { keys, now, ...claims }: ClaimsOptions & {
    readonly keys: ReadonlyMap<string, IssuerKeys>;
    readonly now: () => number;
  },
): Verify {
  return async function verify(token) {
    const issuer = claimedIssuer(token);
    const source = keys.get(issuer);
    if (!source) throw untrustedIssuer([...keys.keys()], issuer);
    const payload = await verifySignatureAndTime(token, source, issuer, new Date(now()));
    return principalOf(issuer, payload, claims);
  };
}

/** Key sources for every configured issuer. */
export function createKeys(
  issuers: readonly string[],
  options: Omit<IssuerKeysOptions, "issuer">,
): ReadonlyMap<string, IssuerKeys> {
  return new Map(issuers.map((issuer) => [issuer, createIssuerKeys({ issuer, ...options })]));
}

/** The token names an issuer that is not among those that are trusted. */
export function untrustedIssuer(expected: readonly string[], came: unknown): InvalidToken {
  return new InvalidToken("issuer", "The token comes from an issuer that is not trusted here.", {
    expected: expected.join(" "),
    came,
  });
}

/** The token's time is over or has not come. @param now Seconds since the epoch. */
export function untimely(
  fault: "expired" | "not_yet_valid",
  { iat, nbf, exp }: JWTPayload,
  now: number,
): InvalidToken {
  const since = (time: unknown) => typeof time === "number" ? Math.round(now - time) : undefined;
  return fault === "expired"
    ? new InvalidToken(fault, "The token has expired.", {
      secondsSinceExpiry: since(exp),
      secondsSinceIssue: since(iat),
    })
    : new InvalidToken(fault, "The token is not valid yet.", {
      secondsUntilValid: -(since(nbf) ?? 0),
      secondsSinceIssue: since(iat),
    });
}

function claimedIssuer(token: string): string {
  try {
    const { typ, alg } = decodeProtectedHeader(token);
    if (!TYPES.includes(typ?.toLowerCase())) {
      throw new InvalidToken("type", "This is not an access token.", { expected: "at+jwt", came: typ });
    }
    if (!ALGORITHMS.includes(alg ?? "")) {
      throw new InvalidToken("algorithm", "The token is not signed with an accepted asymmetric algorithm.", {
        expected: ALGORITHMS.join(" "),
        came: alg,
      });
    }
    return String(decodeJwt(token).iss);
  } catch (error) {
    if (error instanceof InvalidToken) throw error;
    // RFC 7516 section 9: an encrypted token has five parts, an opaque one usually has one.
    throw new InvalidToken("format", "The token is not a signed JWT.", {
      expected: "3 parts",
      came: token.split(".").length,
    });
  }
}

async function verifySignatureAndTime(
  token: string,
  source: IssuerKeys,
  issuer: string,
  currentDate: Date,
): Promise<JWTPayload> {
  try {
    const { payload } = await verifyByAny(token, source, {
      algorithms: ALGORITHMS,
      currentDate,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      issuer,
      requiredClaims: ["exp", "sub", "aud"],
    });
    return payload;
  } catch (error) {
    throw asTokenFault(error, token, issuer, currentDate.getTime() / 1000);
  }
}

/**
 * A token may leave out `kid` (RFC 7515 section 4.1.4); then any of the issuer's keys may have signed it. Keys that are
 * not fit for the algorithm, such as RSA keys of 1024 bits, are passed over, unless there is no other.
 */
async function verifyByAny(token: string, source: IssuerKeys, options: JWTVerifyOptions) {
  try {
    return await jwtVerify(token, source.find, options);
  } catch (candidates) {
    if (!(candidates instanceof errors.JWKSMultipleMatchingKeys)) throw candidates;
    let refused: unknown;
    for await (const key of candidates) {
      try {
        return await jwtVerify(token, key, options);
      } catch (error) {
        if (error instanceof errors.JWSSignatureVerificationFailed) refused = error;
        else if (error instanceof errors.JOSEError) throw error;
        else refused ??= error;
      }
    }
    throw refused ?? new Error("none of them can be imported");
  }
}

function asTokenFault(
  error: unknown,
  token: string,
  issuer: string,
  now: number,
): Error {
  if (error instanceof IssuerUnavailable || error instanceof InvalidToken) return error;
  if (error instanceof errors.JWTExpired) return untimely("expired", error.payload, now);
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    const { kid, alg } = decodeProtectedHeader(token);
    return new InvalidToken("signature", "The signature of the token does not verify.", { issuer, kid, alg });
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === "nbf" ? untimely("not_yet_valid", error.payload, now) : unusable(error.claim);
  }
  if (error instanceof errors.JOSEError) {
    return new InvalidToken("format", "The token cannot be verified.", { reason: error.message });
  }
  // Anything else is a key that cannot be used: the issuer's doing or ours, never the caller's.
  return new IssuerUnavailable("unusable_key", `A key of ${issuer} cannot be used: ${String(error)}`, {
    retryAfterSeconds: 60,
    cause: error,
  });
}
