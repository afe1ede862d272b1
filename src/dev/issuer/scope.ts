import { OAuthError } from "./oauth_error.ts";

/** OpenID Connect scopes and the words the consent page shows for them. */
export const OPENID_SCOPES: Readonly<Record<string, string>> = {
  openid: "Know that it is you",
  profile: "See your name",
  email: "See your email address",
  offline_access: "Stay connected while you are away",
};

/**
 * The scopes to grant, in the order they were asked for. Nothing asked means all scopes of the resource; unknown
 * ones are left out, and `invalid_scope` is thrown when none is left (RFC 6749 §3.3, ASA-07).
 */
export function grantableScopes(
  requested: string | undefined,
  scopes: Readonly<Record<string, string>>,
): string[] {
  if (requested === undefined) return Object.keys(scopes);
  const asked = new Set(requested.split(" "));
  const known = [...asked].filter((scope) =>
    Object.hasOwn(scopes, scope) || Object.hasOwn(OPENID_SCOPES, scope)
  );
  if (known.length === 0) throw new OAuthError("invalid_scope", "None of the requested scopes exists here.");
  return known;
}
