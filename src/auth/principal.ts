import type { JWTPayload } from "@panva/jose";
import { InvalidToken } from "./errors.ts";

/** Claims of a token, verified; frozen. */
export type Claims = Readonly<Record<string, unknown>>;

/** Who is calling: the one value that travels from the verified token to the tool. */
export interface Principal {
  readonly issuer: string;
  /** Unique within the issuer only. */
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  readonly clientId: string | undefined;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** Everything that the token says; values never reach a log. */
  readonly claims: Claims;
}

/** How the claims of a token are judged, whether a signature or an introspection vouches for them. */
export interface ClaimsOptions {
  /** Accepted `aud` values. */
  readonly audiences: readonly string[];
  /** Claims that hold scopes, each a string of words or a list; all of them count. */
  readonly scopeClaims?: readonly string[];
  /** What the issuer leaves out of the scopes in its tokens, such as Entra, which is asked for `<resource>/<scope>`. */
  readonly scopePrefix?: string | undefined;
}

/** `scope` by RFC 8693 section 4.2; Entra and Okta send `scp`. */
export const SCOPE_CLAIMS: readonly string[] = ["scope", "scp"];

/** In characters; OpenID Connect Core section 2 allows no longer `sub`, and stores index it. */
const MAX_SUBJECT = 255;
/** A client's id may be the URL of its metadata document. */
const MAX_CLIENT_ID = 2_048;
const MAX_SCOPE = 255;
const MAX_SCOPES = 1_000;
/** Characters of all claims as JSON; principals are remembered. */
const MAX_CLAIMS = 65_536;

/**
 * Judges what a signature or an issuer vouches for: audience, then binding, then the claims we use (RFC 9068
 * section 4, AUTH-04, AUTH-28).
 *
 * @param claims With a numeric `exp` that was checked already.
 * @throws InvalidToken
 */
export function principalOf(
  issuer: string,
  claims: JWTPayload,
  { audiences, scopeClaims = SCOPE_CLAIMS, scopePrefix = "" }: ClaimsOptions,
): Principal {
  checkAudience(claims, audiences);
  checkBinding(claims);
  const { sub, exp, client_id, azp, cid } = claims;
  // RFC 9068, OpenID Connect, Okta.
  const clientId = [client_id, azp, cid].find((id) => typeof id === "string");
  const scopes = new Set(
    scopeClaims.flatMap((name) => words(claims[name]))
      .map((scope) => scope.startsWith(scopePrefix) ? scope : scopePrefix + scope),
  );
  if (typeof sub !== "string" || sub === "" || !isText(sub, MAX_SUBJECT)) throw unusable("sub");
  if (clientId !== undefined && !isText(clientId, MAX_CLIENT_ID)) throw unusable("client_id");
  if (scopes.size > MAX_SCOPES || ![...scopes].every((scope) => isText(scope, MAX_SCOPE))) {
    throw unusable("scope");
  }
  return {
    issuer,
    subject: sub,
    scopes,
    clientId,
    expiresAt: exp!,
    claims: frozenClaims(claims),
  };
}

function checkAudience({ aud }: JWTPayload, accepted: readonly string[]): void {
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!accepted.some((audience) => audiences.includes(audience))) {
    throw new InvalidToken("audience", "The token was issued for another resource.", {
      expected: accepted.join(" "),
      came: audiences.join(" "),
    });
  }
}

function checkBinding({ cnf }: JWTPayload): void {
  if (cnf !== undefined) {
    throw new InvalidToken("binding", "The token is bound to a key, and no proof of it is accepted here.", {
      claim: "cnf",
    });
  }
}

/** A copy, since the signature's library and the introspection own what they gave. */
function frozenClaims(claims: JWTPayload): Claims {
  const json = JSON.stringify(claims);
  if (json.length > MAX_CLAIMS) throw new InvalidToken("claims", "The token's claims are too large.");
  return JSON.parse(json, (_, value) => Object.freeze(value));
}

/** A claim that has to be there is not, or cannot be used. */
export function unusable(claim: string): InvalidToken {
  return new InvalidToken("claims", `The token's ${claim} claim is missing or unusable.`, { claim });
}

/** Lone surrogates all become the same character in UTF-8, so that two people could share one account in a store. */
function isText(value: string, maxLength: number): boolean {
  return value.length <= maxLength && value.isWellFormed() && !/\p{Cc}/u.test(value);
}

function words(scope: unknown): string[] {
  if (Array.isArray(scope)) return scope.filter((word) => typeof word === "string");
  return typeof scope === "string" ? scope.split(" ").filter((word) => word !== "") : [];
}
