import { SignJWT } from "@panva/jose";
import type { Faults } from "../faults.ts";
import type { Grant } from "../grants/grant_store.ts";
import { type Person, personClaims } from "../people.ts";
import { generateSigningKey, type SigningKeys } from "./signing_keys.ts";

/** What an access token says; `grantId` is absent in tokens made for a test without any sign-in. */
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
export interface TokenMinter {
  readonly accessTokenSeconds: number;
  /** A JWT access token (RFC 9068 §2). `aud` is always the one resource. */
  accessToken(contents: AccessTokenContents): Promise<string>;
  /** An ID Token about the sign-in of a grant (OpenID Connect Core §2). */
  idToken(grant: Grant): Promise<string>;
}

/** Signs with the current key, as the faults allow. */
export function createTokenMinter(options: {
  issuer: string;
  resource: string;
  accessTokenSeconds: number;
  keys: SigningKeys;
  faults: Faults;
  now: () => number;
}): TokenMinter {
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
        // Lets userinfo and revocation find the grant; a resource server has no use for it.
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
