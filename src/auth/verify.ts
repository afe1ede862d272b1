import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "@panva/jose";
import { InvalidToken, IssuerUnavailable } from "./errors.ts";
import { createIssuerKeys, type IssuerKeys } from "./issuer_keys.ts";

/** Who is calling: the one value that travels from the verified token to the tool. */
export interface Principal {
  readonly issuer: string;
  /** Unique within the issuer only. */
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  readonly clientId: string | undefined;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** @throws InvalidToken when the token is at fault, IssuerUnavailable when its keys cannot be had. */
export type Verify = (token: string) => Promise<Principal>;

/** HMAC and `none` are missing on purpose (AUTH-05). */
const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];
/** RFC 9068 asks for `at+jwt`; `JWT` and none are what Auth0's and Entra's default profiles send (conflict C6). */
const TYPES = ["at+jwt", "application/at+jwt", "jwt", undefined];
const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * Verifies JWT access tokens (RFC 9068 section 4, AUTH-01…06, AUTH-28) in the order signature, time, issuer,
 * audience, binding. Scopes are judged later, by the access policy of the tool (AUTH-19).
 *
 * Not checked: revocation before `exp`, and `jti` replay.
 *
 * @param keys Key sources by issuer; the issuer a token claims is only ever looked up here, never fetched.
 * @param audiences Accepted `aud` values.
 */
export function createVerify(
  { keys, audiences, now }: {
    readonly keys: ReadonlyMap<string, IssuerKeys>;
    readonly audiences: readonly string[];
    readonly now: () => number;
  },
): Verify {
  return async function verify(token) {
    const issuer = claimedIssuer(token);
    const source = keys.get(issuer);
    if (!source) throw new InvalidToken("issuer", "The token comes from an issuer that is not trusted here.");
    const payload = await verifySignatureAndTime(token, source, issuer, new Date(now()));
    checkAudience(payload, audiences);
    checkBinding(payload);
    return principalOf(issuer, payload);
  };
}

/** Key sources for every configured issuer. */
export function createKeys(
  issuers: readonly string[],
  options: { readonly fetch: typeof globalThis.fetch; readonly now: () => number },
): ReadonlyMap<string, IssuerKeys> {
  return new Map(issuers.map((issuer) => [issuer, createIssuerKeys({ issuer, ...options })]));
}

function claimedIssuer(token: string): string {
  try {
    const { typ, alg } = decodeProtectedHeader(token);
    if (!TYPES.includes(typ?.toLowerCase())) throw new InvalidToken("type", "This is not an access token.");
    if (!ALGORITHMS.includes(alg ?? "")) {
      throw new InvalidToken("algorithm", "The token is not signed with an accepted asymmetric algorithm.");
    }
    return String(decodeJwt(token).iss);
  } catch (error) {
    if (error instanceof InvalidToken) throw error;
    throw new InvalidToken("format", "The token is not a signed JWT.");
  }
}

async function verifySignatureAndTime(
  token: string,
  source: IssuerKeys,
  issuer: string,
  currentDate: Date,
): Promise<JWTPayload> {
  try {
    const options = { algorithms: ALGORITHMS, currentDate, clockTolerance: CLOCK_TOLERANCE_SECONDS, issuer };
    return (await jwtVerify(token, source.find, { ...options, requiredClaims: ["exp", "sub", "aud"] }))
      .payload;
  } catch (error) {
    throw asTokenFault(error, issuer);
  }
}

function asTokenFault(error: unknown, issuer: string): Error {
  if (error instanceof InvalidToken || error instanceof IssuerUnavailable) return error;
  if (error instanceof errors.JWTExpired) return new InvalidToken("expired", "The token has expired.");
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new InvalidToken("signature", "The signature of the token does not verify.");
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === "nbf"
      ? new InvalidToken("not_yet_valid", "The token is not valid yet.")
      : new InvalidToken("claims", `The token's ${error.claim} claim is missing or unusable.`);
  }
  if (error instanceof errors.JOSEError) return new InvalidToken("format", "The token cannot be verified.");
  // Anything else is a key that cannot be used: the issuer's doing or ours, never the caller's.
  return new IssuerUnavailable(issuer, `A key of ${issuer} cannot be used: ${String(error)}`, 60, error);
}

function checkAudience({ aud }: JWTPayload, accepted: readonly string[]): void {
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!accepted.some((audience) => audiences.includes(audience))) {
    throw new InvalidToken("audience", "The token was issued for another resource.");
  }
}

function checkBinding({ cnf }: JWTPayload): void {
  if (cnf !== undefined) {
    throw new InvalidToken("binding", "The token is bound to a key, and no proof of it is accepted here.");
  }
}

function principalOf(issuer: string, payload: JWTPayload): Principal {
  const { sub, exp, scope, scp, client_id, azp } = payload;
  if (typeof sub !== "string" || sub === "") {
    throw new InvalidToken("claims", "The token's sub claim is missing or unusable.");
  }
  return {
    issuer,
    subject: sub,
    scopes: new Set(words(scope ?? scp)),
    clientId: [client_id, azp].find((id) => typeof id === "string") as string | undefined,
    expiresAt: exp!,
  };
}

/** `scope` is one string (RFC 8693 section 4.2); Entra and Okta send `scp`, as a string or an array. */
function words(scope: unknown): string[] {
  if (Array.isArray(scope)) return scope.filter((word) => typeof word === "string");
  return typeof scope === "string" ? scope.split(" ").filter((word) => word !== "") : [];
}
