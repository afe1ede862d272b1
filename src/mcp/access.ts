import type { Claims, Principal } from "../auth/principal.ts";

/** Who may use a tool or a resource, declared once; advertised, enforced and challenged from here. */
export type Access =
  | { readonly level: "anyone" }
  | { readonly level: "mixed"; readonly scopes: readonly string[] }
  | { readonly level: "signedIn"; readonly scopes: readonly string[] };

/** Open to all; the tool never learns who calls. */
export function anyone(): { readonly level: "anyone" } {
  return { level: "anyone" };
}

/** Open to all, and better for a caller whose token has every one of the scopes (MIX-02, MIX-03). */
export function mixed(...scopes: string[]): { readonly level: "mixed"; readonly scopes: readonly string[] } {
  return { level: "mixed", scopes };
}

/** Only for callers whose token has every one of the scopes (MIX-04). */
export function signedIn(
  ...scopes: string[]
): { readonly level: "signedIn"; readonly scopes: readonly string[] } {
  return { level: "signedIn", scopes };
}

/** What a tool's `run` is told about its caller under each access level. */
export type CallerOf<A extends Access> = A["level"] extends "signedIn" ? Principal
  : A["level"] extends "mixed" ? Principal | undefined
  : undefined;

/** The claims that it is told. */
export type ClaimsOf<A extends Access> = A["level"] extends "signedIn" ? Claims
  : A["level"] extends "mixed" ? Claims | undefined
  : undefined;

/** The policy's answer for one caller. */
export type Decision =
  | { readonly kind: "allow"; readonly caller: Principal | undefined }
  | { readonly kind: "sign_in" }
  | { readonly kind: "more_scope" };

/** @param principal Taken from a verified token, or undefined when none was sent. */
export function decide(access: Access, principal: Principal | undefined): Decision {
  if (access.level === "anyone") return { kind: "allow", caller: undefined };
  const granted = principal !== undefined && access.scopes.every((scope) => principal.scopes.has(scope));
  if (granted) return { kind: "allow", caller: principal };
  if (access.level === "mixed") return { kind: "allow", caller: undefined };
  return { kind: principal ? "more_scope" : "sign_in" };
}

/** The access in the words of ChatGPT's tool descriptor (OAI-01). */
export function securitySchemes(access: Access): Record<string, unknown>[] {
  if (access.level === "anyone") return [{ type: "noauth" }];
  const oauth2 = { type: "oauth2", scopes: access.scopes };
  return access.level === "mixed" ? [{ type: "noauth" }, oauth2] : [oauth2];
}

/** Scopes that an access names. */
export function scopesOf(access: Access): readonly string[] {
  return access.level === "anyone" ? [] : access.scopes;
}
