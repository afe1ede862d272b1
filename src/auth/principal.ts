import type { JWTPayload } from "@panva/jose";
import { InvalidToken } from "./errors.ts";

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

/**
 * Judges what a signature or an issuer vouches for: audience, then binding, then subject (RFC 9068 section 4,
 * AUTH-04, AUTH-28).
 *
 * @param claims With a numeric `exp` that was checked already.
 * @param audiences Accepted `aud` values.
 * @throws InvalidToken
 */
export function principalOf(issuer: string, claims: JWTPayload, audiences: readonly string[]): Principal {
  checkAudience(claims, audiences);
  checkBinding(claims);
  const { sub, exp, scope, scp, client_id, azp } = claims;
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

/** `scope` is one string (RFC 8693 section 4.2); Entra and Okta send `scp`, as a string or an array. */
function words(scope: unknown): string[] {
  if (Array.isArray(scope)) return scope.filter((word) => typeof word === "string");
  return typeof scope === "string" ? scope.split(" ").filter((word) => word !== "") : [];
}
