import { createLocalJWKSet, errors, jwtVerify, SignJWT } from "@panva/jose";
import type { Faults } from "../faults.ts";
import type { Grant } from "../grants/grant_store.ts";
import { type Person, personClaims } from "../people.ts";
import { generateSigningKey, type SigningKeys } from "./signing_keys.ts";

/** What an access token says; `grantId` is absent from tokens made for a test without a sign-in. */
export interface AccessTokenContents {
  readonly person: Person;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly grantId?: string;
  /** Claims to add or replace; `undefined` removes one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Protected header parameters to add or replace. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** Signs the issuer's JWTs. */
export interface TokenSigner {
  /** Lifetime of access and ID tokens. */
  readonly accessTokenSeconds: number;
  /** A JWT access token (RFC 9068 §2). `aud` is the one resource, unless the claims name another. */
  accessToken(contents: AccessTokenContents): Promise<string>;
  /** An ID Token about the sign-in of a grant (OpenID Connect Core §2). */
  idToken(grant: Grant): Promise<string>;
}

/** Signs with the current key, unless a fault says otherwise. */
export function createTokenSigner(options: {
  issuer: string;
  resource: string;
  accessTokenSeconds: number;
  keys: SigningKeys;
  faults: Faults;
  now: () => number;
}): TokenSigner {
  const { issuer, resource, accessTokenSeconds, keys, faults, now } = options;

  function times(): { iat: number; exp: number } {
    const iat = Math.floor(now() / 1000);
    return { iat, exp: iat + accessTokenSeconds };
  }

  return {
    accessTokenSeconds,
    async accessToken({ person, clientId, scopes, grantId, claims, header }) {
      const { iat, exp } = times();
      const { privateKey, publicJwk } = faults.unknownKey
        ? await generateSigningKey(keys.current().publicJwk.alg)
        : keys.current();
      const payload = {
        iss: faults.issuer ?? issuer,
        aud: faults.audience ?? resource,
        sub: person.subject,
        client_id: clientId,
        iat: faults.expired ? iat - 2 * accessTokenSeconds : iat,
        exp: faults.expired ? iat - accessTokenSeconds : exp,
        jti: crypto.randomUUID(),
        ...(scopes.length > 0 && { scope: scopes.join(" ") }),
        // Lets userinfo and revocation find the grant; resource servers ignore it.
        ...(grantId !== undefined && { sid: grantId }),
        ...claims,
      };
      return await new SignJWT(payload)
        .setProtectedHeader({ alg: publicJwk.alg, typ: "at+jwt", kid: publicJwk.kid, ...header })
        .sign(privateKey);
    },
    async idToken({ person, clientId, scopes, nonce, signedInAt }) {
      const { privateKey, publicJwk } = keys.current();
      const payload = {
        iss: issuer,
        aud: clientId,
        ...personClaims(person, scopes),
        ...times(),
        auth_time: Math.floor(signedInAt / 1000),
        ...(nonce !== undefined && { nonce }),
      };
      return await new SignJWT(payload)
        .setProtectedHeader({ alg: publicJwk.alg, typ: "JWT", kid: publicJwk.kid })
        .sign(privateKey);
    },
  };
}

/** The claims of an access token that the issuer itself uses. */
export interface AccessTokenClaims {
  /** Absent from tokens made for a test without a sign-in, and from exchanged ones. */
  readonly grantId: string | undefined;
  readonly subject: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** Reads an access token; `undefined` when it is invalid or expired. */
export type ReadAccessToken = (token: string) => Promise<AccessTokenClaims | undefined>;

/** Verifies signature, type, issuer and time; whether the grant still exists is for the caller to look up. */
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
        requiredClaims: ["exp", "sub", "aud"],
        currentDate: new Date(now()),
      });
      return {
        grantId: typeof payload.sid === "string" ? payload.sid : undefined,
        subject: payload.sub!,
        audience: String(payload.aud),
        expiresAt: payload.exp!,
        scopes: typeof payload.scope === "string" ? payload.scope.split(" ") : [],
      };
    } catch (cause) {
      if (cause instanceof errors.JOSEError) return undefined;
      throw cause;
    }
  };
}
